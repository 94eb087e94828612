using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.App;

/// <summary>host.json, with the settings that override it, such as <c>AzureFunctionsJobHost__extensions__queues__batchSize</c>.</summary>
internal static class HostJson
{
    /// <summary>The configuration section that the extensions read. It is also the prefix of the overrides.</summary>
    public const string Section = "AzureFunctionsJobHost";

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

    /// <summary>The values as settings in the section that the extensions read.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> AsSettings(IConfiguration hostJson)
        => hostJson.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(Section + ConfigurationPath.KeyDelimiter + pair.Key, pair.Value));
}
