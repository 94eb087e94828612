using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Load;

namespace Slowlane.Bench.Compare.Steps;

internal static class IdleStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var health = Flow.Paced(TimeSpan.FromMilliseconds(4), context.Size.IdleRequests, Health(context));
        await context.DriveAsync(cancellationToken, health);
        var posts = Batch.Paced(context.Variant.JobPath, TimeSpan.FromMilliseconds(16), context.Size.IdleRequests, TimeSpan.FromMilliseconds(1));
        await context.DriveAsync(cancellationToken, posts.Flow);
        await context.WrittenAsync(posts, StepContext.Undisturbed, cancellationToken);

        var reading = new Reading { Batches = { posts } };
        reading.AddLatency("idle.health", health);
        reading.AddLatency("idle.post", posts.Flow);
        return reading;
    }

    public static Func<int, byte[]> Health(StepContext context)
    {
        var request = Requests.Get(context.Variant.HealthPath);
        return _ => request;
    }
}
