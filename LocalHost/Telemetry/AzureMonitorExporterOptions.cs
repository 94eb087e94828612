using Azure.Core;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>How telemetry goes to Application Insights. LocalHost sends none there; these are the options that the app sets.</summary>
public class AzureMonitorExporterOptions : ClientOptions
{
    /// <summary>Who sends; null for whoever has the connection string.</summary>
    public TokenCredential? Credential { get; set; }

    /// <summary>Whether log lines of traces that are not kept are not kept either.</summary>
    public bool EnableTraceBasedLogsSampler { get; set; } = true;
}
