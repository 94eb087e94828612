using Microsoft.Extensions.DependencyInjection;

namespace OpenTelemetry;

/// <summary>Where exporters and sources are added. What is done with it is the OpenTelemetry SDK's own.</summary>
public sealed class OpenTelemetryBuilder : IOpenTelemetryBuilder
{
    internal OpenTelemetryBuilder(IServiceCollection services) => Services = services;

    /// <inheritdoc/>
    public IServiceCollection Services { get; }
}
