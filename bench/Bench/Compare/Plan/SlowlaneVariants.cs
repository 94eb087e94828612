using System.Globalization;
using Slowlane.Bench.Compare.Processes;
using Slowlane.LocalHost.Services;
using Slowlane.Settings;

namespace Slowlane.Bench.Compare.Plan;

/// <summary>Slowlane as it comes, and with one of the runtime's settings changed: what its own settings were chosen by.</summary>
internal static class SlowlaneVariants
{
    /// <summary>How long a worker keeps its job where nobody sets it: the app's own default. The connections say nothing here.</summary>
    public static TimeSpan Lease { get; } = new SlowlaneOptions { Storage = StorageConnection.FromString(""), Database = "" }.Lease;

    /// <summary>What is compared with peers.</summary>
    public static Variant AsItComes { get; } = Of("", "the app as Functions runs it, under LocalHost as a user starts it: a worker process for requests and one a core for jobs, with Azurite beside it", []);

    /// <summary>The others.</summary>
    public static IReadOnlyList<Variant> Settings { get; } =
    [
        Of("-server-gc", "server garbage collection: a heap and a collecting thread for each core (DOTNET_gcServer=1)", [("DOTNET_gcServer", "1")]),
        Of("-blocking-gc", "no collecting beside the program (DOTNET_gcConcurrent=0)", [("DOTNET_gcConcurrent", "0")]),
        Of("-pgo", "compiled again by how the program runs (DOTNET_TieredPGO=1)", [("DOTNET_TieredPGO", "1")]),
        Of("-ahead", "the app compiled ahead (PublishReadyToRun), as it is published for Azure", [], places => ["--app", places.Published]) with { MakeAsync = Published.MakeAsync },
    ];

    private static Variant Of(string name, string standsFor, (string Name, string Value)[] settings, Func<Places, string[]>? app = null)
    {
        return new(Variant.SlowlaneName + name, standsFor, "/api/health/live", "/api/jobs/spin")
        {
            Servers = places => [Front(places, "--workers", Text(places.Processes))],
            Apart = (places => [Front(places, "--role", "front")], places => [Run(places, "--role", "worker", "--workers", Text(places.Processes))]),
            BatchPath = "/api/jobs/spin/batch",
            UsesStorage = true,
            HasWorkers = true,
            Sweep = TimeSpan.FromSeconds(15),
            SweepsByTheClock = true, // A timer of the host's: */15 * * * * *.
            SweepRests = TimeSpan.FromSeconds(30), // The killed host's lock on the timer lasts 15 s, and is asked for every 15 s.
        };

        ServerCommand Front(Places places, params string[] arguments) => Run(places, ["--port", "0", .. arguments]) with { AddressAfter = "HealthLive: [ANY] " };

        ServerCommand Run(Places places, params string[] arguments)
            => new("dotnet", [ProjectFolder.Program, .. arguments, .. app?.Invoke(places) ?? []], Environment(places, settings)) { WorkerAfter = "[worker 1] started as process " };
    }

    private static Dictionary<string, string> Environment(Places places, (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["AzureWebJobsStorage"] = places.Storage,
            ["Slowlane__Database"] = places.Database,
            ["Slowlane__Samples"] = "true",
        };
        if (places.Redelivery != Lease) // Otherwise the app's own default: what a user gets.
        {
            environment["Slowlane__LeaseSeconds"] = Text((int)places.Redelivery.TotalSeconds);
        }

        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return environment;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
