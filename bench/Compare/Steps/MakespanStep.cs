using Slowlane.Compare.Processes;

namespace Slowlane.Compare.Steps;

internal static class MakespanStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = scene.LongJobs();
        var before = ProcessTree.Ticks(scene.Cast.Processes());
        var start = TimeProvider.System.GetUtcNow();
        await scene.DriveAsync(cancellationToken, jobs.Flow);
        await scene.WrittenAsync(jobs, Scene.Undisturbed, cancellationToken);
        var reading = new Reading { Batches = { jobs }, Figures = { ["makespan"] = await scene.SecondsToLastWriteAsync(jobs, start, cancellationToken) } };
        if (scene.Variant.HasWorkers)
        {
            reading.Figures["makespan.least"] = 100 * LeastShare(before, ProcessTree.Ticks(scene.Cast.Processes()), Environment.ProcessorCount);
        }

        return reading;
    }

    /// <summary>Among the busiest processes, one a core: what the least busy one did, of what each would have done had all done the same.</summary>
    private static double LeastShare(Dictionary<int, ulong> before, Dictionary<int, ulong> after, int cores)
    {
        var busiest = after.Select(process => (double)(process.Value - before.GetValueOrDefault(process.Key))).OrderDescending().Take(cores).ToList();
        return busiest.Sum() is > 0 and var all ? busiest[^1] * busiest.Count / all : 0;
    }
}
