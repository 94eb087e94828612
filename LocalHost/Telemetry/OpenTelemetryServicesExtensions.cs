using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using Slowlane.LocalHost.Telemetry;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>OpenTelemetry's way into an app.</summary>
public static class OpenTelemetryServicesExtensions
{
    /// <summary>Adds the OpenTelemetry SDK, which starts before all else in the host and ends after it.</summary>
    /// <param name="services">The app's services.</param>
    public static OpenTelemetryBuilder AddOpenTelemetry(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!services.Any(static service => service.ImplementationType == typeof(TelemetryStart)))
        {
            services.Insert(0, ServiceDescriptor.Singleton<IHostedService, TelemetryStart>());
        }

        return new OpenTelemetryBuilder(services);
    }
}
