using Slowlane.Compare.Checks;

namespace Slowlane.Compare.Steps;

internal static class OutageStep
{
    public static async Task<Reading> RunAsync(Scene scene, CancellationToken cancellationToken)
    {
        var under = scene.LongJobs();
        var meanwhile = Batch.Paced(scene.Variant.JobPath, scene.Size.Outage / (2 * scene.Size.LongJobs), scene.Size.LongJobs, TimeSpan.FromMilliseconds(50));
        var driving = scene.DriveAsync(cancellationToken, under.Flow);
        await Task.Delay(scene.Ideal / 4, cancellationToken);
        await scene.Stage.StopDatabaseAsync();
        var outage = Task.Delay(scene.Size.Outage, cancellationToken);
        try
        {
            driving = Task.WhenAll(driving, scene.DriveAsync(cancellationToken, meanwhile.Flow));
            await outage;
        }
        finally
        {
            await scene.Stage.StartDatabaseAsync(CancellationToken.None);
        }

        var back = TimeProvider.System.GetUtcNow();
        await driving;
        var settles = scene.Size.Settles(scene.Variant);
        var underWritten = await scene.WrittenAsync(under, settles, cancellationToken);
        var meanwhileWritten = await scene.WrittenAsync(meanwhile, settles, cancellationToken);
        var reading = new Reading
        {
            Fault = back, // Until then jobs were taken back and tried again.
            Batches = { under, meanwhile },
            Figures = { ["outage.under"] = underWritten, ["outage.meanwhile"] = meanwhileWritten },
        };
        if (underWritten == under.Jobs && meanwhileWritten == meanwhile.Jobs)
        {
            reading.Figures["outage.seconds"] = Math.Max(
                await scene.SecondsToLastWriteAsync(under, back, cancellationToken),
                await scene.SecondsToLastWriteAsync(meanwhile, back, cancellationToken));
        }

        return reading;
    }
}
