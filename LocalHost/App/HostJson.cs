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

    /// <summary>The maximum time of a timer, 49 days. A longer functionTimeout is none.</summary>
    private static readonly TimeSpan MaxTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>
    /// Reads the file in an app's folder and applies the overrides of <paramref name="settings"/>. Without a file, the overrides alone.
    /// </summary>
    /// <exception cref="CannotStartException">The file is not JSON.</exception>
    public static IConfiguration Read(string folder, IConfiguration settings)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, "host.json"), optional: true, reloadOnChange: false)
                // A chained configuration would lose empty values, such as an empty route prefix.
                .AddInMemoryCollection(settings.GetSection(Section).AsEnumerable(makePathsRelative: true))
                .Build();
        }
        catch (InvalidDataException error)
        {
            var cause = error.GetBaseException() is JsonException json ? $"is not JSON (line {json.LineNumber + 1}): {LocalSettings.Cause(json)}" : $"can't be used: {error.GetBaseException().Message}";
            throw CannotStartException.Usage($"host.json {cause} Correct it, and build again.");
        }
    }

    /// <summary>The time after which a function is stopped. Without a value 30 minutes, the default of the platform's plans but the classic Consumption plan.</summary>
    /// <exception cref="CannotStartException">The value is not a time.</exception>
    public static TimeSpan FunctionTimeout(IConfiguration hostJson)
    {
        var text = hostJson["functionTimeout"];
        return text is null or "" ? TimeSpan.FromMinutes(30)
            : text is "-1" ? Timeout.InfiniteTimeSpan
            : !TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var limit) || limit < TimeSpan.FromSeconds(1)
                ? throw CannotStartException.Usage($"functionTimeout in host.json, or the setting {Section}__functionTimeout, is \"{text}\": choose a time as hh:mm:ss of one second or longer, or -1 for no limit.")
            : limit > MaxTimer ? Timeout.InfiniteTimeSpan
            : limit;
    }

    /// <summary>The names of the functions to run. Empty for all.</summary>
    public static IReadOnlyList<string> Functions(IConfiguration hostJson)
        => [.. hostJson.GetSection("functions").GetChildren().Select(name => name.Value).OfType<string>()];

    /// <summary>The values as settings in the section that the extensions read.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> AsSettings(IConfiguration hostJson)
        => hostJson.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(Section + ConfigurationPath.KeyDelimiter + pair.Key, pair.Value));
}
