using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Compare.Steps;

internal static class MakespanStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = context.LongJobs();
        var before = context.Processes.Processes();
        var start = TimeProvider.System.GetUtcNow();
        await context.DriveAsync(cancellationToken, jobs.Flow);
        await context.WrittenAsync(jobs, StepContext.Undisturbed, cancellationToken);
        var reading = new Reading { Batches = { jobs }, Figures = { ["makespan"] = await context.SecondsToLastWriteAsync(jobs, start, cancellationToken) } };
        if (context.Variant.HasWorkers)
        {
            reading.Figures["makespan.least"] = 100 * LeastShare(before, context.Processes.Processes(), Environment.ProcessorCount);
        }

        return reading;
    }

    /// <summary>Among the busiest processes, one a core: what the least busy one did, of what each would have done had all done the same.</summary>
    private static double LeastShare(IEnumerable<ProcessEntry> before, IEnumerable<ProcessEntry> after, int cores)
    {
        var spent = before.ToDictionary(process => process.Id, process => process.Ticks);
        var busiest = after.Select(process => (double)(process.Ticks - spent.GetValueOrDefault(process.Id))).OrderDescending().Take(cores).ToList();
        return busiest.Sum() is > 0 and var all ? busiest[^1] * busiest.Count / all : 0;
    }
}
