using System.Globalization;
using Microsoft.Extensions.Configuration;
using Slowlane.LocalHost.App;
using Slowlane.LocalHost.Logging;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;
using Slowlane.LocalHost.Workers;

namespace Slowlane.LocalHost.Processes;

/// <summary>The start parameters of a host: the command line, the app, and the settings of both.</summary>
/// <param name="Options">The command line.</param>
/// <param name="App">The folder of the app.</param>
/// <param name="Limits">The limits of workers.</param>
/// <param name="Given">The settings of the environment and of local.settings.json. Connection strings of servers started by this process are added.</param>
/// <param name="HostJson">host.json, with the overrides of the environment and of this host.</param>
internal sealed record Launch(LocalHostOptions Options, AppFolder App, HostLimits Limits, Dictionary<string, string?> Given, IConfiguration HostJson)
{
    /// <summary>The number of lanes of each worker.</summary>
    public int Lanes => LanesOf(Options);

    /// <exception cref="CannotStartException">The command line, the app or a setting is invalid.</exception>
    public static Launch Prepare(LocalHostOptions options)
    {
        var environment = ProcessEnvironment.Settings();
        var app = AppFolder.Open(options.App ?? ProjectFolder.App);
        var settings = LocalSettings.Read([Environment.CurrentDirectory, options.App is null ? ProjectFolder.Root : app.Location], environment.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase));
        foreach (var (name, value) in environment)
        {
            settings[name] = value;
        }

        KestrelSettings.Refuse(settings.Keys);
        settings.TryAdd("Slowlane:Samples", "true");
        settings.TryAdd("AZURE_FUNCTIONS_ENVIRONMENT", "Development");
        var configuration = Configuration(settings);
        var hostJson = ReadHostJson(app, configuration, options);
        return new Launch(options, app, HostLimits.Read(configuration, hostJson), settings, hostJson);
    }

    /// <summary>The settings as configuration.</summary>
    public IConfiguration Settings => Configuration(Given);

    /// <summary>The environment variables of a worker.</summary>
    public Dictionary<string, string?> WorkerSettings()
    {
        var variables = new Dictionary<string, string?>(StringComparer.Ordinal) { ["DOTNET_gcServer"] = "0", ["DOTNET_TieredPGO"] = "0" };
        foreach (var (name, value) in Given)
        {
            variables[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        foreach (var (category, level) in ConsoleLog.WorkerLevels(HostJson))
        {
            variables.TryAdd($"Logging__LogLevel__{category}", level.ToString()); // The worker does not send log lines that the host would drop.
        }

        variables["WEBSITE_HOSTNAME"] = string.Create(CultureInfo.InvariantCulture, $"localhost:{Options.Port}"); // Core Tools sets the same value.
        variables.TryAdd("Slowlane__Lanes", Lanes.ToString(CultureInfo.InvariantCulture));
        return variables;
    }

    private static int LanesOf(LocalHostOptions options) => HostScale.Lanes(options.Workers, Environment.ProcessorCount);

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();

    private static IConfiguration ReadHostJson(AppFolder app, IConfiguration settings, LocalHostOptions options)
    {
        var hostJson = LocalHost.App.HostJson.Read(app.Location, settings);
        var scale = HostScale.Overrides(hostJson, settings.GetSection(LocalHost.App.HostJson.Section), Math.Max(1, options.Workers), LanesOf(options));
        return new ConfigurationBuilder().AddInMemoryCollection(hostJson.AsEnumerable()).AddInMemoryCollection(scale).Build();
    }
}
