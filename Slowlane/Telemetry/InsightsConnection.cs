using Microsoft.Extensions.Configuration;
using Slowlane.Settings;

namespace Slowlane.Telemetry;

/// <summary>The setting <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>. The exporter reads its value, and would refuse it with a stack.</summary>
internal static class InsightsConnection
{
    private const string Setting = "APPLICATIONINSIGHTS_CONNECTION_STRING";
    private const string Key = "InstrumentationKey";

    /// <exception cref="SettingException">The value is no connection string. The message does not quote it, because it has a key.</exception>
    public static bool IsSet(IConfiguration configuration) => configuration[Setting] switch
    {
        null or "" => false,
        var text when IsValid(text) => true,
        _ => throw new SettingException(
            $"The setting {Setting} is no connection string of Application Insights; copy it from the component's overview in the Portal ({Key}=…;IngestionEndpoint=https://…), or delete it to send nothing there."),
    };

    private static bool IsValid(string text)
    {
        var pairs = text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(static pair => pair.Split('=', 2, StringSplitOptions.TrimEntries)).ToList();
        return pairs.All(static pair => pair is [{ Length: > 0 }, { Length: > 0 } value] && IsUsable(pair[0], value))
            && pairs.DistinctBy(static pair => pair[0], StringComparer.OrdinalIgnoreCase).Count() == pairs.Count
            && pairs.Exists(static pair => pair[0].Equals(Key, StringComparison.OrdinalIgnoreCase));
    }

    private static bool IsUsable(string name, string value)
        => name.EndsWith("Endpoint", StringComparison.OrdinalIgnoreCase) ? Uri.TryCreate(value, UriKind.Absolute, out _)
            : name.Equals(Key, StringComparison.OrdinalIgnoreCase) ? Guid.TryParseExact(value, "D", out _)
            : !name.Equals("EndpointSuffix", StringComparison.OrdinalIgnoreCase) || Uri.TryCreate($"https://dc.{value}", UriKind.Absolute, out _);
}
