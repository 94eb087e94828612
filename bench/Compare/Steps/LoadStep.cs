using Slowlane.Compare.Checks;
using Slowlane.Compare.Load;

namespace Slowlane.Compare.Steps;

internal static class LoadStep
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var jobs = scene.LongJobs();
        var health = Flow.Paced(Period, int.MaxValue, IdleStep.Health(scene), delay: Period / 2);
        var posts = Batch.Paced(scene.Variant.JobPath, Period, int.MaxValue, TimeSpan.Zero, delay: Period);
        await Task.WhenAll(
            scene.DriveAsync(cancellationToken, jobs.Flow, health, posts.Flow),
            EndAsync());
        await scene.WrittenAsync(posts, Scene.Undisturbed, cancellationToken);

        var reading = new Reading { Batches = { jobs, posts } };
        reading.AddLatency("load.health", health);
        reading.AddLatency("load.post", posts.Flow);
        return reading;

        async Task EndAsync()
        {
            try
            {
                await scene.Results.UntilAsync(jobs, scene.Size.LongJobs, Scene.Undisturbed, cancellationToken);
            }
            finally
            {
                health.End();
                posts.Flow.End();
            }
        }
    }
}
