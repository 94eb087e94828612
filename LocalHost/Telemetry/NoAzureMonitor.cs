using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Slowlane.LocalHost.Telemetry;

/// <summary>Tells once, at start, that a connection string for Application Insights is of no use here.</summary>
internal sealed partial class NoAzureMonitor(ILogger<NoAzureMonitor> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        NotSent(log);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "APPLICATIONINSIGHTS_CONNECTION_STRING is set, but LocalHost sends telemetry by OTLP only: set OTEL_EXPORTER_OTLP_ENDPOINT to a collector's address.")]
    private static partial void NotSent(ILogger log);
}
