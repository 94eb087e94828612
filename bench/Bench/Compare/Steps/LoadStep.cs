using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Load;

namespace Slowlane.Bench.Compare.Steps;

internal static class LoadStep
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(20);

    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = context.LongJobs();
        var health = Flow.Paced(Period, int.MaxValue, IdleStep.Health(context), delay: Period / 2);
        var posts = Batch.Paced(context.Variant.JobPath, Period, int.MaxValue, TimeSpan.Zero, delay: Period);
        await Task.WhenAll(
            context.DriveAsync(cancellationToken, jobs.Flow, health, posts.Flow),
            EndAsync());
        await context.WrittenAsync(posts, StepContext.Undisturbed, cancellationToken);

        var reading = new Reading { Batches = { jobs, posts } };
        reading.AddLatency("load.health", health);
        reading.AddLatency("load.post", posts.Flow);
        return reading;

        async Task EndAsync()
        {
            try
            {
                await context.Results.UntilAsync(jobs, context.Size.LongJobs, StepContext.Undisturbed, cancellationToken);
            }
            finally
            {
                health.End();
                posts.Flow.End();
            }
        }
    }
}
