using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Slowlane.Settings;

namespace Slowlane.Telemetry;

/// <summary>The destinations of telemetry. None, unless a setting names one.</summary>
/// <param name="ToAzureMonitor"><c>APPLICATIONINSIGHTS_CONNECTION_STRING</c> is set. The exporter reads its value.</param>
/// <param name="Credential">The identity that writes to Application Insights. Null if the connection string is enough.</param>
/// <param name="ToOtlp"><c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set. The exporter reads its value and OpenTelemetry's other settings.</param>
internal sealed record TelemetrySettings(bool ToAzureMonitor, TokenCredential? Credential, bool ToOtlp)
{
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    /// <exception cref="SettingException">A setting is invalid. The message names it and the remedy.</exception>
    public static TelemetrySettings From(IConfiguration configuration) => new(
        InsightsConnection.IsSet(configuration),
        CredentialOf(configuration[Authentication]),
        OtlpSettings.AreSet(configuration));

    // The Functions host reads this text for its own telemetry. Both must find the same identity.
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
            : throw new SettingException($"The setting {Authentication} is '{text}'; set it to Authorization=AAD for the app's system-assigned identity, or ClientId=<its client id, a GUID>;Authorization=AAD for a user-assigned one.");
    }
}
