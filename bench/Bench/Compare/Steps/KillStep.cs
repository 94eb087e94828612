namespace Slowlane.Bench.Compare.Steps;

internal static class KillStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = context.LongJobs();
        var driving = context.DriveAsync(cancellationToken, jobs.Flow);
        await Task.Delay(context.Ideal / 2, cancellationToken);
        await context.Processes.KillAsync();
        var killed = TimeProvider.System.GetUtcNow();
        await driving;
        await context.Processes.StartServersAsync(cancellationToken);
        var written = await context.WrittenAsync(jobs, context.Size.Settles(context.Variant), cancellationToken);
        var reading = new Reading { Fault = killed, SweeperKilled = true, Batches = { jobs }, Figures = { ["kill.written"] = written } };
        if (written == jobs.Jobs)
        {
            reading.Figures["kill.seconds"] = await context.SecondsToLastWriteAsync(jobs, killed, cancellationToken);
        }

        return reading;
    }
}
