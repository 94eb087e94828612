using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace Slowlane.Telemetry;

/// <summary>Registers the metrics, and registers OpenTelemetry if a setting names a destination.</summary>
internal static class TelemetryRegistration
{
    private const string Npgsql = "Npgsql";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics().AddSingleton<JobMetrics>();
        var settings = TelemetrySettings.From(configuration);
        if (settings is { ToAzureMonitor: false, ToOtlp: false })
        {
            return services;
        }

        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(traces => traces.AddSource(Tracing.Name, Npgsql))
            .WithMetrics(metrics => metrics.AddMeter(JobMetrics.Name, Npgsql));

        // At Information, ASP.NET Core logs each request up to ten times with its query, which may contain a function key (?code=).
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore", LogLevel.Warning));
        services.Configure<OpenTelemetryLoggerOptions>(logs => (logs.IncludeScopes, logs.IncludeFormattedMessage) = (true, true));
        if (settings.ToOtlp)
        {
            telemetry.UseOtlpExporter();
        }

        if (settings.ToAzureMonitor)
        {
            telemetry.UseAzureMonitorExporter();

            // Configured after the exporter, so that the values which the exporter reads from the settings, such as the sampler's, stay in force.
            // Traces are sampled, five a second by default. The log is not sampled, because the alerts read it.
            services.Configure<AzureMonitorExporterOptions>(monitor => (monitor.Credential, monitor.EnableTraceBasedLogsSampler) = (settings.Credential, false));
        }

        return services;
    }
}
