using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Steps;

internal static class CrowdStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = Jobs(context, TimeSpan.FromMilliseconds(1));
        var (accepted, done) = await context.RatesAsync(jobs, cancellationToken);
        var empty = Jobs(context, TimeSpan.Zero);
        var (_, emptyDone) = await context.RatesAsync(empty, cancellationToken);
        return new Reading
        {
            Batches = { jobs, empty },
            Figures = { ["crowd.posts"] = accepted, ["crowd.jobs"] = done, ["crowd.empty"] = emptyDone },
        };
    }

    private static Batch Jobs(StepContext context, TimeSpan spin) => Batch.Closed(context.Variant.JobPath, context.Size.CrowdClients, context.Size.CrowdJobs, spin);
}
