using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Slowlane.Settings;

namespace Slowlane.Telemetry;

/// <summary>Where telemetry goes: nowhere, unless a setting says so.</summary>
/// <param name="ToAzureMonitor"><c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set. The exporter reads its value.</param>
/// <param name="Credential">Who writes to Application Insights; null for whoever has the connection string.</param>
/// <param name="ToOtlp"><c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. The exporter reads its value, and what OpenTelemetry has besides.</param>
internal sealed record TelemetrySettings(bool ToAzureMonitor, TokenCredential? Credential, bool ToOtlp)
{
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <exception cref="InvalidOperationException">A setting can't be used; the message names it and the remedy.</exception>
    public static TelemetrySettings From(IConfiguration configuration) => new(
        configuration["APPLICATIONINSIGHTS_CONNECTION_STRING"] is { Length: > 0 },
        CredentialOf(configuration[Authentication]),
        configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 });

    // As the Functions host reads it for its own telemetry: both must come to the same identity.
    private static ManagedIdentityCredential? CredentialOf(string? text)
    {
        if (text is null or "")
        {
            return null;
        }

        var parts = text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2, StringSplitOptions.TrimEntries))
            .ToLookup(part => part[0], part => part.Length > 1 ? part[1] : "", StringComparer.OrdinalIgnoreCase);
        var client = parts["ClientId"].FirstOrDefault();
        return string.Equals(parts["Authorization"].FirstOrDefault(), "AAD", StringComparison.OrdinalIgnoreCase) && (client is null || Guid.TryParseExact(client, "D", out _))
            ? IdentitySettings.Managed(client)
            : throw new InvalidOperationException($"The setting {Authentication} is '{text}'; set it to Authorization=AAD for the app's system-assigned identity, or ClientId=<its client id, a GUID>;Authorization=AAD for a user-assigned one.");
    }
}
