using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.App;

/// <summary>host.json, with the settings that override it, such as <c>AzureFunctionsJobHost__extensions__queues__batchSize</c>.</summary>
internal static class HostJson
{
    /// <summary>The configuration section that the extensions read. It is also the prefix of the overrides.</summary>
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>
    /// Reads the file in an app's folder and applies the overrides of <paramref name="settings"/>. Without a file, the overrides alone.
    /// </summary>
    /// <exception cref="CannotStartException">The file is not JSON, or its functionTimeout is none.</exception>
    public static IConfiguration Read(string folder, IConfiguration settings)
    {
        try
        {
            var hostJson = new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, "host.json"), optional: true, reloadOnChange: false)
                // A chained configuration would lose empty values, such as an empty route prefix.
                .AddInMemoryCollection(settings.GetSection(Section).AsEnumerable(makePathsRelative: true))
                .Build();
            RequireTimeout(hostJson["functionTimeout"]);
            return hostJson;
        }
        catch (InvalidDataException error)
        {
            var cause = error.GetBaseException() is JsonException json ? $"is not JSON (line {json.LineNumber + 1}): {LocalSettings.Cause(json)}" : $"can't be used: {error.GetBaseException().Message}";
            throw CannotStartException.Usage($"host.json {cause} Correct it, and build again.");
        }
    }

    // The platform refuses any other value. This host applies no time limit.
    private static void RequireTimeout(string? text)
    {
        if (text is { Length: > 0 } and not "-1" && !(TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var limit) && limit >= TimeSpan.FromSeconds(1)))
        {
            throw CannotStartException.Usage($"functionTimeout in host.json, or the setting {Section}__functionTimeout, is \"{text}\": choose a time as hh:mm:ss of one second or longer, or -1 for no limit.");
        }
    }

    /// <summary>The values as settings in the section that the extensions read.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> AsSettings(IConfiguration hostJson)
        => hostJson.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(Section + ConfigurationPath.KeyDelimiter + pair.Key, pair.Value));
}
