using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.App;

/// <summary>host.json, under the settings that override it: <c>AzureFunctionsJobHost__extensions__queues__batchSize</c>.</summary>
internal static class HostJson
{
    /// <summary>The section that the extensions read, and the prefix of the overrides.</summary>
    public const string Section = "AzureFunctionsJobHost";

    /// <summary>The file in an app's folder with the overrides of <paramref name="settings"/>; overrides alone where there is no file.</summary>
    /// <exception cref="CannotStartException">The file is not JSON.</exception>
    public static IConfiguration Read(string folder, IConfiguration settings)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, "host.json"), optional: true, reloadOnChange: false)
                .AddInMemoryCollection(settings.GetSection(Section).AsEnumerable(makePathsRelative: true)) // A chained configuration would lose values that are empty, such as a route prefix.
                .Build();
        }
        catch (InvalidDataException error)
        {
            var cause = error.GetBaseException() is JsonException json ? $"is not JSON (line {json.LineNumber + 1}): {LocalSettings.Cause(json)}" : $"can't be used: {error.GetBaseException().Message}";
            throw CannotStartException.Usage($"host.json {cause} Correct it, and build again.");
        }
    }

    /// <summary>Its values as settings of the section that extensions read.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> AsSettings(IConfiguration hostJson)
        => hostJson.AsEnumerable().Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(Section + ConfigurationPath.KeyDelimiter + pair.Key, pair.Value));
}
