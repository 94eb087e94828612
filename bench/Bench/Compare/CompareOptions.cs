using Slowlane.Bench.Commands;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Steps;

namespace Slowlane.Bench.Compare;

/// <summary>What to compare.</summary>
internal sealed record CompareOptions
{
    public static IReadOnlyList<Option<CompareOptions>> All { get; } =
    [
        new(
            "--variants A,B",
            """
            of slowlane, inline, threadpool, processpool, celery, celery-durable (all these); or of
            slowlane-server-gc, slowlane-blocking-gc, slowlane-pgo, slowlane-ahead:
            Slowlane with one of the runtime's settings changed
            """,
            (options, value) => options with { Variants = value.Choose(Plan.Variants.Known, variant => variant.Name) }),
        new(
            "--steps A,B",
            "of idle, gap, load, makespan, short, crowd, batch, start, apart, kill, worker, outage (all)",
            (options, value) => options with { Steps = value.Choose(Step.All, step => step.Name) }),
        new(
            "--runs N",
            "rounds, 1 to 100; figures are medians, with the least and the greatest (3)",
            (options, value) => options with { Runs = value.Number(1, 100) }),
        new(
            "--faults N",
            "rounds in which something is broken, 1 to 100, the first ones (1)",
            (options, value) => options with { FaultRuns = value.Number(1, 100) }),
        new("--out FOLDER", "where to write (bench/results)", (options, value) => options with { Out = value.Text }),
        new("--name NAME", "the files' name (compare)", (options, value) => options with { Name = value.Text }),
        new(
            "--short",
            "few jobs, once, and no figures: that every variant writes every job once, Slowlane also\nafter faults",
            (options, _) => options with { Short = true, Runs = 1 }),
        new("--log FILE", "keep what the processes say", (options, value) => options with { Log = value.Text }),
    ];

    public IReadOnlyList<Variant> Variants { get; init; } = Plan.Variants.All;

    /// <summary>The steps asked for; null for all.</summary>
    public IReadOnlyList<Step>? Steps { get; init; }

    public int Runs { get; init; } = 3;

    /// <summary>What a fault loses is counted, not timed: it need not be caused as often as latency is measured.</summary>
    public int FaultRuns { get; init; } = 1;

    /// <summary>Null: <c>bench/results</c>, and nowhere in the short form.</summary>
    public string? Out { get; init; }

    public string Name { get; init; } = "compare";

    public bool Short { get; init; }

    public string? Log { get; init; }

    public Size Size => Short ? Size.Short : Size.Full;

    /// <summary>
    /// The steps of a variant. The short form breaks a peer only when asked to, as what that loses is a figure; and Slowlane
    /// with one of the two kills, as each takes the time of a lease and a sweep.
    /// </summary>
    public IReadOnlyList<Step> StepsOf(Variant variant)
        => [.. (Steps ?? Step.All).Where(step => step.Fits(variant) && (Steps is not null || !Short || !step.Breaks || (variant.IsSlowlane && !step.NeedsWorkers)))];
}
