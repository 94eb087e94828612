namespace Slowlane.Bench.Compare.Plan;

/// <summary>One way to keep a long computation off the request path.</summary>
/// <param name="Name">Its name on the command line and in the table.</param>
/// <param name="StandsFor">What it is, in a line.</param>
/// <param name="HealthPath">Answers without work.</param>
/// <param name="JobPath">Takes jobs.</param>
internal sealed record Variant(string Name, string StandsFor, string HealthPath, string JobPath)
{
    public const string SlowlaneName = "slowlane";

    /// <summary>The processes that serve and compute; what is killed in a step that kills. The first says where it listens; the last computes, or its children do.</summary>
    public required Func<Places, IReadOnlyList<ServerCommand>> Servers { get; init; }

    /// <summary>The same in two parts, what answers and one process that computes; null where they can't be apart.</summary>
    public (Func<Places, IReadOnlyList<ServerCommand>> Front, Func<Places, IReadOnlyList<ServerCommand>> Worker)? Apart { get; init; }

    /// <summary>What passes jobs on from process to process; null when there is none, or it is Azurite.</summary>
    public Func<Places, ServerCommand>? Broker { get; init; }

    /// <summary>Takes many jobs at once; null where nothing does.</summary>
    public string? BatchPath { get; init; }

    /// <summary>Whether Azurite runs for it.</summary>
    public bool UsesStorage { get; init; }

    /// <summary>Whether processes other than the one that answers requests compute, so that one of them can be killed.</summary>
    public bool HasWorkers { get; init; }

    /// <summary>Whether it does so few short jobs a second that one step of them says all.</summary>
    public bool IsSlow { get; init; }

    /// <summary>How often something looks for what killed processes had and brings it back, once <see cref="Places.Redelivery"/> is over; null when nothing does.</summary>
    public TimeSpan? Sweep { get; init; }

    /// <summary>Whether it sweeps at the multiples of <see cref="Sweep"/> on the clock, not at so much time since its start.</summary>
    public bool SweepsByTheClock { get; init; }

    /// <summary>How long nothing sweeps after what does was killed and started again.</summary>
    public TimeSpan SweepRests { get; init; }

    /// <summary>What must be made before it can run, in a folder; null when nothing must be.</summary>
    public Func<string, CancellationToken, Task>? MakeAsync { get; init; }

    /// <summary>What must be installed: Python modules and programs, each with the Debian package that brings it.</summary>
    public IReadOnlyDictionary<string, string> Modules { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <inheritdoc cref="Modules"/>
    public IReadOnlyDictionary<string, string> Programs { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether it is Slowlane, with whatever setting.</summary>
    public bool IsSlowlane => Name.StartsWith(SlowlaneName, StringComparison.Ordinal);
}
