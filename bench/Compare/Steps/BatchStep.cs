using Slowlane.Compare.Checks;

namespace Slowlane.Compare.Steps;

internal static class BatchStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = Batch.Bundled(scene.Variant.BatchPath!, scene.Size.BatchClients, scene.Size.Batches, scene.Size.BatchJobs, TimeSpan.FromMilliseconds(1));
        var start = TimeProvider.System.GetUtcNow();
        await scene.DriveAsync(cancellationToken, jobs.Flow);
        var answered = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        await scene.WrittenAsync(jobs, Scene.Undisturbed, cancellationToken);
        var written = await scene.SecondsToLastWriteAsync(jobs, start, cancellationToken);
        return new Reading
        {
            Batches = { jobs },
            Figures = { ["batch.posts"] = jobs.Jobs / answered, ["batch.jobs"] = jobs.Jobs / written },
        };
    }
}
