using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Worker;

/// <summary>Where settings come from: environment, launch, host.json.</summary>
internal static class LaunchConfiguration
{
    /// <summary>host.json's values under this section override the file, as on the real host.</summary>
    private const string HostSection = "AzureFunctionsJobHost";

    /// <summary>Environment variables, then the launch's settings on top. Both may write <c>__</c> for <c>:</c>.</summary>
    public static ConfigurationManager Create(Launch launch)
    {
        var configuration = new ConfigurationManager();
        configuration.AddEnvironmentVariables();
        configuration.AddInMemoryCollection(launch.Settings.Select(static setting
            => KeyValuePair.Create(setting.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), setting.Value)));
        return configuration;
    }

    /// <summary>host.json in <paramref name="folder"/>, overridden by <c>AzureFunctionsJobHost__a__b</c> settings.</summary>
    /// <exception cref="CannotStartException">The file is not JSON.</exception>
    public static IConfiguration HostJson(string folder, IConfiguration settings)
    {
        try
        {
            return new ConfigurationBuilder()
                .AddJsonFile(Path.Combine(folder, "host.json"), optional: true, reloadOnChange: false)
                .AddConfiguration(settings.GetSection(HostSection))
                .Build();
        }
        catch (InvalidDataException error)
        {
            var cause = error.GetBaseException() is JsonException json ? $"is not JSON (line {json.LineNumber + 1}): {LocalSettings.Cause(json)}" : $"can't be used: {error.GetBaseException().Message}";
            throw CannotStartException.Usage($"host.json {cause} Correct it, and build again.");
        }
    }

    /// <summary>Replaces each <c>%Name%</c> by the setting of that name.</summary>
    /// <exception cref="InvalidOperationException">A setting is missing.</exception>
    public static string Expand(string text, IConfiguration settings)
    {
        var parts = text.Split('%');
        for (var i = 1; i < parts.Length - 1; i += 2)
        {
            parts[i] = settings[parts[i]]
                ?? throw new InvalidOperationException($"'{text}' names the setting '{parts[i]}', which is not set. Set it, or write the value in place of %{parts[i]}%.");
        }

        return string.Concat(parts);
    }
}
