using Slowlane.Bench.Compare.Plan;

namespace Slowlane.Bench.Compare.Steps;

/// <summary>One thing that is measured.</summary>
/// <param name="Name">Its name on the command line and in the table.</param>
/// <param name="Does">What it does, in a line.</param>
/// <param name="RunAsync">Does it.</param>
internal sealed record Step(string Name, string Does, Func<StepContext, CancellationToken, Task<Reading>> RunAsync)
{
    /// <summary>Whether it breaks something: it gets processes that were just started, and what it loses is its figure.</summary>
    public bool Breaks { get; init; }

    /// <summary>Whether it needs a process that computes apart from the one that answers.</summary>
    public bool NeedsWorkers { get; init; }

    /// <summary>Whether it needs a way to submit many jobs at once.</summary>
    public bool NeedsBatches { get; init; }

    /// <summary>Whether it starts what answers and what computes one after the other.</summary>
    public bool NeedsParts { get; init; }

    /// <summary>Whether it sends more jobs than a slow variant does in a minute or two.</summary>
    public bool IsLarge { get; init; }

    public static IReadOnlyList<Step> All { get; } =
    [
        new("idle", "Health every 4 ms, then a 1 ms job every 16 ms, on an idle server", IdleStep.RunAsync),
        new("gap", "A job without computation every half second or so; from its POST to its row, behind the computation", GapStep.RunAsync),
        new("load", "Health and an empty job every 20 ms each, while the long jobs run", LoadStep.RunAsync),
        new("makespan", "From the first POST of the long jobs to the last row", MakespanStep.RunAsync),
        new("short", "1 ms jobs by 16 clients, each sending its next when the last was answered; then memory", RateSteps.ShortAsync),
        new("crowd", "1 ms jobs by 256 clients, then jobs without computation", RateSteps.CrowdAsync) { IsLarge = true },
        new("batch", "1 ms jobs, 500 to a request, by 4 clients", RateSteps.BatchAsync) { NeedsBatches = true },
        new("start", "All processes but the broker stopped and started again; from then to the first 202 and to that job's row; memory after 10 s without work", StartStep.RunAsync),
        new("apart", "All stopped again; a front alone, which accepts a job; then workers alone", ApartStep.RunAsync) { NeedsParts = true },
        new("kill", "kill -9 of all processes but the broker at half time of the long jobs, and a start at once", KillSteps.AllAsync) { Breaks = true },
        new("worker", "kill -9 of one computing process at half time of the long jobs, and nothing else", KillSteps.WorkerAsync) { Breaks = true, NeedsWorkers = true },
        new("outage", "PostgreSQL stopped at a quarter of the long jobs, as many jobs of 50 ms sent meanwhile, then started again", OutageStep.RunAsync) { Breaks = true },
    ];

    public bool Fits(Variant variant)
        => (variant.HasWorkers || !NeedsWorkers)
        && (variant.BatchPath is not null || !NeedsBatches)
        && (variant.Apart is not null || !NeedsParts)
        && !(variant.IsSlow && IsLarge);
}
