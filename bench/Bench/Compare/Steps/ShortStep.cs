using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Steps;

internal static class ShortStep
{
    private const double Mebibyte = 1024 * 1024;

    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = Batch.Closed(context.Variant.JobPath, context.Size.ShortClients, context.Size.ShortJobs, TimeSpan.FromMilliseconds(1));
        var (accepted, done) = await context.RatesAsync(jobs, cancellationToken);

        var (processes, memory, broker) = context.Processes.Memory();
        return new Reading
        {
            Batches = { jobs },
            Figures =
            {
                ["short.jobs"] = done,
                ["short.posts"] = accepted,
                ["memory.processes"] = processes,
                ["memory.own"] = memory / Mebibyte,
                ["memory.broker"] = broker / Mebibyte,
            },
        };
    }
}
