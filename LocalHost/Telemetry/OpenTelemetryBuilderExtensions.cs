using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using Slowlane.LocalHost.Telemetry;

namespace Azure.Monitor.OpenTelemetry.Exporter;

/// <summary>The exporter's way into OpenTelemetry.</summary>
public static class OpenTelemetryBuilderExtensions
{
    /// <summary>Says that nothing is sent to Application Insights: not every feed has the exporter.</summary>
    /// <param name="builder">The app's OpenTelemetry.</param>
    public static IOpenTelemetryBuilder UseAzureMonitorExporter(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddHostedService<NoAzureMonitor>();
        return builder;
    }
}
