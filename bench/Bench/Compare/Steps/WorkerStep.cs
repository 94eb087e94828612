namespace Slowlane.Bench.Compare.Steps;

internal static class WorkerStep
{
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        var jobs = context.LongJobs();
        var driving = context.DriveAsync(cancellationToken, jobs.Flow);
        await Task.Delay(context.Ideal / 2, cancellationToken);
        context.Processes.KillWorker();
        var killed = TimeProvider.System.GetUtcNow();
        await driving;
        var written = await context.WrittenAsync(jobs, context.Size.Settles(context.Variant), cancellationToken);
        var reading = new Reading { Fault = killed, Batches = { jobs }, Figures = { ["worker.written"] = written } };
        if (written == jobs.Jobs)
        {
            reading.Figures["worker.seconds"] = await context.SecondsToLastWriteAsync(jobs, killed, cancellationToken);
        }

        return reading;
    }
}
