using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Steps;

/// <summary>How many short jobs a second.</summary>
internal static class RateSteps
{
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    public static async Task<Reading> ShortAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = Batch.Closed(context.Variant.JobPath, context.Size.ShortClients, context.Size.ShortJobs, Millisecond);
        var reading = new Reading();
        (reading.Figures["short.posts"], reading.Figures["short.jobs"]) = await context.RatesAsync(reading, jobs, cancellationToken);
        var (processes, memory, broker) = context.Processes.Memory();
        reading.Figures["memory.processes"] = processes;
        reading.Figures["memory.own"] = memory / Mebibyte;
        reading.Figures["memory.broker"] = broker / Mebibyte;
        return reading;
    }

    public static async Task<Reading> CrowdAsync(StepContext context, CancellationToken cancellationToken)
    {
        var reading = new Reading();
        (reading.Figures["crowd.posts"], reading.Figures["crowd.jobs"]) = await context.RatesAsync(reading, Jobs(Millisecond), cancellationToken);
        (_, reading.Figures["crowd.empty"]) = await context.RatesAsync(reading, Jobs(TimeSpan.Zero), cancellationToken);
        return reading;

        Batch Jobs(TimeSpan spin) => Batch.Closed(context.Variant.JobPath, context.Size.CrowdClients, context.Size.CrowdJobs, spin);
    }

    public static async Task<Reading> BatchAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = Batch.Bundled(context.Variant.BatchPath!, context.Size.BatchClients, context.Size.Batches, context.Size.BatchJobs, Millisecond);
        var reading = new Reading();
        (reading.Figures["batch.posts"], reading.Figures["batch.jobs"]) = await context.RatesAsync(reading, jobs, cancellationToken);
        return reading;
    }
}
