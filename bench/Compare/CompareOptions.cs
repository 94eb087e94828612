using Slowlane.Bench;
using Slowlane.Compare.Plan;
using Slowlane.Compare.Steps;

namespace Slowlane.Compare;

/// <summary>What to compare.</summary>
internal sealed record CompareOptions
{
    public const string Help = """
        Runs Slowlane and its peers side by side on the same work, and writes a table and plots.

          dotnet run -c Release --project bench/Compare -- OPTIONS

          --variants A,B  of slowlane, inline, threadpool, processpool, celery, celery-durable (all these); or of
                          slowlane-server-gc, slowlane-blocking-gc, slowlane-pgo, slowlane-ahead:
                          Slowlane with one of the runtime's settings changed
          --steps A,B     of idle, gap, load, makespan, short, crowd, batch, start, apart, kill, worker, outage (all)
          --runs N        rounds, 1 to 100; figures are medians, with the least and the greatest (3)
          --faults N      rounds in which something is broken, 1 to 100, the first ones (1)
          --out FOLDER    where to write (bench/results)
          --name NAME     the files' name (compare)
          --short         few jobs, once, and no figures: that every variant writes every job once, Slowlane also
                          after faults
          --log FILE      keep what the processes say

        A peer whose packages are missing is left out, with their names. All of it needs Linux.
        Ends with 0 when Slowlane wrote every job once, with 1 when it didn't or a variant could not be run, with 2 when an option is wrong.
        """;

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

    /// <exception cref="FormatException">An option is unknown or out of bounds; says which, and the bound.</exception>
    public static CompareOptions Parse(IReadOnlyList<string> args)
    {
        var options = new CompareOptions();
        foreach (var option in Option.Read(args, "--short"))
        {
            options = option.Name switch
            {
                "--short" => options with { Short = true, Runs = 1 },
                "--variants" => options with { Variants = Plan.Variants.Named(Names(option.Value)) },
                "--steps" => options with { Steps = Step.Named(Names(option.Value)) },
                "--runs" => options with { Runs = option.Number(1, 100) },
                "--faults" => options with { FaultRuns = option.Number(1, 100) },
                "--out" => options with { Out = option.Value },
                "--name" => options with { Name = option.Value },
                "--log" => options with { Log = option.Value },
                _ => throw option.Unknown("the comparison"),
            };
        }

        return options;
    }

    private static string[] Names(string value) => value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
