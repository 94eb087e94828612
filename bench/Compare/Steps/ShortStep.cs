using Slowlane.Compare.Checks;

namespace Slowlane.Compare.Steps;

internal static class ShortStep
{
    private const double Mebibyte = 1024 * 1024;

    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = Batch.Closed(scene.Variant.JobPath, scene.Size.ShortClients, scene.Size.ShortJobs, TimeSpan.FromMilliseconds(1));
        var start = TimeProvider.System.GetUtcNow();
        await scene.DriveAsync(cancellationToken, jobs.Flow);
        var answered = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        await scene.WrittenAsync(jobs, Scene.Undisturbed, cancellationToken);
        var written = await scene.SecondsToLastWriteAsync(jobs, start, cancellationToken);

        var (processes, memory, broker) = scene.Cast.Memory();
        return new Reading
        {
            Batches = { jobs },
            Figures =
            {
                ["short.jobs"] = scene.Size.ShortJobs / written,
                ["short.posts"] = scene.Size.ShortJobs / answered,
                ["memory.processes"] = processes,
                ["memory.own"] = memory / Mebibyte,
                ["memory.broker"] = broker / Mebibyte,
            },
        };
    }
}
