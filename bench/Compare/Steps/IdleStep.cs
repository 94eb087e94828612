using Slowlane.Compare.Checks;
using Slowlane.Compare.Load;

namespace Slowlane.Compare.Steps;

internal static class IdleStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var health = Flow.Paced(TimeSpan.FromMilliseconds(4), scene.Size.IdleRequests, Health(scene));
        await scene.DriveAsync(cancellationToken, health);
        var posts = Batch.Paced(scene.Variant.JobPath, TimeSpan.FromMilliseconds(16), scene.Size.IdleRequests, TimeSpan.FromMilliseconds(1));
        await scene.DriveAsync(cancellationToken, posts.Flow);
        await scene.WrittenAsync(posts, Scene.Undisturbed, cancellationToken);

        var reading = new Reading { Batches = { posts } };
        reading.AddLatency("idle.health", health);
        reading.AddLatency("idle.post", posts.Flow);
        return reading;
    }

    public static Func<int, byte[]> Health(Scene scene)
    {
        var request = Requests.Get(scene.Variant.HealthPath);
        return _ => request;
    }
}
