using System.Collections;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.LocalHost.Services;

namespace Slowlane.LocalHost.Processes;

/// <summary>What a process was started with: the command line, and the settings it runs on.</summary>
/// <param name="Options">The command line.</param>
/// <param name="Settings">Configuration on top of the environment: local.settings.json and the connection strings of services started here.</param>
/// <param name="Configure">Registers what runs beside the app's own services: workers, and the servers' end.</param>
internal sealed record Launch(LocalHostOptions Options, IReadOnlyDictionary<string, string?> Settings, Action<IServiceCollection>? Configure = null)
{
    /// <summary>Reads the command line and settings and starts the services that none were given for. Ends the process when it can't.</summary>
    public static Launch Prepare(string[] args)
    {
        StartFailure.Watch();
        try
        {
            var options = CommandLine.Parse(args);
            if (options.Help)
            {
                Console.WriteLine(CommandLine.Help);
                Environment.Exit(0);
            }

            return PrepareAsync(options, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (CannotStartException error)
        {
            Console.Error.WriteLine(error.Message);
            Environment.Exit(error.ExitCode);
            throw;
        }
    }

    private static async Task<Launch> PrepareAsync(LocalHostOptions options, CancellationToken cancellationToken)
    {
        var environment = EnvironmentSettings();
        var settings = LocalSettings.Read([Environment.CurrentDirectory, ProjectFolder.Root], environment.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase));
        if (!environment.ContainsKey("Slowlane:Samples"))
        {
            settings.TryAdd("Slowlane:Samples", "true");
        }

        if (ParentWatch.IsSupervised)
        {
            return new Launch(options, settings, services =>
            {
                Signals.Register(services, supervised: true);
                ParentWatch.Register(services);
                StartFailure.Register(services);
            });
        }

        if (options.Role is not LocalRole.Worker && options.Port != 0)
        {
            Reachability.RequireFree(options.Port);
        }

        var backing = await Backing.PrepareAsync(options, settings, environment, cancellationToken);
        return new Launch(options, settings, services =>
        {
            Signals.Register(services, supervised: false);
            if (options is { Role: LocalRole.All, Workers: > 0 })
            {
                WorkerSupervisor.Register(services, options, settings); // First: workers start while the sample data is loaded.
            }

            backing.Register(services);
            StartFailure.Register(services);
        });
    }

    private static Dictionary<string, string?> EnvironmentSettings()
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            settings[LocalSettings.Key((string)variable.Key)] = (string?)variable.Value;
        }

        return settings;
    }
}
