using Slowlane.Bench.Compare.Checks;

namespace Slowlane.Bench.Compare.Steps;

internal static class OutageStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var under = context.LongJobs();
        var meanwhile = Batch.Paced(context.Variant.JobPath, context.Size.Outage / (2 * context.Size.LongJobs), context.Size.LongJobs, TimeSpan.FromMilliseconds(50));
        var driving = context.DriveAsync(cancellationToken, under.Flow);
        await Task.Delay(context.Ideal / 4, cancellationToken);
        await context.Services.StopDatabaseAsync();
        var outage = Task.Delay(context.Size.Outage, cancellationToken);
        try
        {
            driving = Task.WhenAll(driving, context.DriveAsync(cancellationToken, meanwhile.Flow));
            await outage;
        }
        finally
        {
            await context.Services.StartDatabaseAsync(CancellationToken.None);
        }

        var back = TimeProvider.System.GetUtcNow();
        await driving;
        var settles = context.Size.Settles(context.Variant);
        var underWritten = await context.WrittenAsync(under, settles, cancellationToken);
        var meanwhileWritten = await context.WrittenAsync(meanwhile, settles, cancellationToken);
        var reading = new Reading
        {
            Fault = back, // Until then jobs were taken back and tried again.
            Batches = { under, meanwhile },
            Figures = { ["outage.under"] = underWritten, ["outage.meanwhile"] = meanwhileWritten },
        };
        if (underWritten == under.Jobs && meanwhileWritten == meanwhile.Jobs)
        {
            reading.Figures["outage.seconds"] = Math.Max(
                await context.SecondsToLastWriteAsync(under, back, cancellationToken),
                await context.SecondsToLastWriteAsync(meanwhile, back, cancellationToken));
        }

        return reading;
    }
}
