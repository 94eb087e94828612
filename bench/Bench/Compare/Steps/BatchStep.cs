using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Steps;

internal static class BatchStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = Batch.Bundled(context.Variant.BatchPath!, context.Size.BatchClients, context.Size.Batches, context.Size.BatchJobs, TimeSpan.FromMilliseconds(1));
        var (accepted, done) = await context.RatesAsync(jobs, cancellationToken);
        return new Reading
        {
            Batches = { jobs },
            Figures = { ["batch.posts"] = accepted, ["batch.jobs"] = done },
        };
    }
}
