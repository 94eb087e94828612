using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Slowlane.LocalHost.Worker;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>What the Functions worker adds to OpenTelemetry.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    /// <summary>Listens to the invocations of functions, and names the service after the program unless a setting (<c>OTEL_SERVICE_NAME</c>) does.</summary>
    /// <param name="builder">The app's OpenTelemetry.</param>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .ConfigureResource(static resource => resource.Clear().AddService("LocalHost").AddTelemetrySdk().AddEnvironmentVariableDetector()) // The last one wins.
            .WithTracing(static traces => traces.AddSource(InvocationSpan.SourceName));
    }
}
