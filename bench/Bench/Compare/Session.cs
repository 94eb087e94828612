using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Processes;
using Slowlane.Bench.Compare.Statistics;
using Slowlane.Bench.Compare.Steps;

namespace Slowlane.Bench.Compare;

/// <summary>Runs all steps of all variants, round by round.</summary>
internal sealed class Session(SharedServices services, CompareOptions options, Action<string> progress, Action<string> log)
{
    private readonly List<RunReading> _readings = [];
    private readonly List<string> _failures = [];

    public IReadOnlyList<RunReading> Readings => _readings;

    /// <summary>What could not be run, and why.</summary>
    public IReadOnlyList<string> Failures => _failures;

    public async Task RunAsync(IReadOnlyList<Variant> variants, CancellationToken cancellationToken)
    {
        var made = new List<Variant>();
        foreach (var variant in variants)
        {
            if (variant.MakeAsync is not { } make || await TryAsync($"{variant.Name} could not be made", () => make(services.Published, cancellationToken), cancellationToken))
            {
                made.Add(variant);
            }
        }

        foreach (var (round, variant) in Rounds.Of(made, options.Runs))
        {
            foreach (var steps in Together(variant, withFaults: round < options.FaultRuns))
            {
                await TryAsync($"{variant.Name}, {string.Join(", ", steps.Select(step => step.Name))}", () => PlayAsync(round, variant, steps, cancellationToken), cancellationToken);
            }
        }
    }

    private async Task<bool> TryAsync(string what, Func<Task> action, CancellationToken cancellationToken)
    {
        try
        {
            await action();
            return true;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is not OutOfMemoryException)
        {
            _failures.Add($"{what}: {e.Message}");
            progress(_failures[^1]);
            return false;
        }
    }

    // What breaks something comes alone, on processes that were just started.
    private IEnumerable<IReadOnlyList<Step>> Together(Variant variant, bool withFaults)
    {
        var fitting = options.StepsOf(variant).Where(step => withFaults || !step.Breaks).ToList();
        Step[] whole = [.. fitting.Where(step => !step.Breaks)];
        return whole.Length == 0
            ? fitting.Select(step => (Step[])[step])
            : fitting.Where(step => step.Breaks).Select(step => (Step[])[step]).Prepend(whole);
    }

    private async Task PlayAsync(int round, Variant variant, IReadOnlyList<Step> steps, CancellationToken cancellationToken)
    {
        var database = await services.CreateDatabaseAsync(variant, cancellationToken);
        await using var processes = await VariantProcesses.StartAsync(services, variant, database, options.Size, line => log($"[{variant.Name}] {line}"), cancellationToken);
        await using var results = new ResultTable(database);
        var context = new StepContext(services, variant, processes, results, options.Size);
        await WarmUpAsync(context, cancellationToken);

        var read = new List<(Step Step, Reading Reading, double Others)>(steps.Count);
        foreach (var step in steps)
        {
            var others = await Quiet.WaitAsync(options.Size.QuietWithin, cancellationToken);
            progress(FormattableString.Invariant($"round {round + 1} of {options.Runs}: {variant.Name}, {step.Name}"));
            read.Add((step, await step.RunAsync(context, cancellationToken), others));
        }

        // All jobs may be written while one of them is still to be delivered again.
        foreach (var reading in read.Select(step => step.Reading))
        {
            if (reading.Fault is { } fault)
            {
                await context.WatchAsync(fault, reading.SweeperKilled, cancellationToken);
            }
        }

        // Balanced once all is over: a job may be written again long after its step.
        foreach (var (step, reading, others) in read)
        {
            var jobs = default(Tally);
            foreach (var batch in reading.Batches)
            {
                jobs += await results.TallyAsync(batch, cancellationToken);
            }

            _readings.Add(new RunReading(variant.Name, round, step.Name, step.Breaks, reading.Figures, reading.LagP99, jobs, others) { Unsuccessful = reading.Unsuccessful });
        }
    }

    // Code is compiled, connections are open, pools are filled; and the driver's own code, too.
    private static async Task WarmUpAsync(StepContext context, CancellationToken cancellationToken)
    {
        foreach (var spin in (int[])[1, 15]) // A short job takes another way through Slowlane than a longer one.
        {
            var jobs = Batch.Closed(context.Variant.JobPath, context.Size.ShortClients, context.Size.WarmUpJobs, TimeSpan.FromMilliseconds(spin));
            await context.DriveAsync(cancellationToken, jobs.Flow);
            var written = await context.WrittenAsync(jobs, StepContext.Undisturbed, cancellationToken);
            if (written < context.Size.WarmUpJobs)
            {
                throw new InvalidOperationException(FormattableString.Invariant($"of {context.Size.WarmUpJobs} jobs to warm up, {written} were written."));
            }
        }
    }
}
