namespace Slowlane.Bench.Compare.Steps;

internal static class KillSteps
{
    /// <summary>All processes but the broker are killed, and started again at once.</summary>
    public static Task<Reading> AllAsync(StepContext context, CancellationToken cancellationToken)
        => RunAsync("kill", context, sweeperKilled: true, context.Processes.KillAsync, () => context.Processes.StartServersAsync(cancellationToken), cancellationToken);

    /// <summary>One computing process is killed, and nothing else is done.</summary>
    public static Task<Reading> WorkerAsync(StepContext context, CancellationToken cancellationToken)
        => RunAsync("worker", context, sweeperKilled: false, context.Processes.KillWorkerAsync, () => Task.CompletedTask, cancellationToken);

    private static async Task<Reading> RunAsync(string name, StepContext context, bool sweeperKilled, Func<Task> kill, Func<Task> start, CancellationToken cancellationToken)
    {
        var jobs = context.LongJobs();
        var driving = context.DriveAsync(cancellationToken, jobs.Flow);
        await Task.Delay(context.Ideal / 2, cancellationToken);
        await kill();
        var killed = TimeProvider.System.GetUtcNow();
        await driving;
        await start();
        var written = await context.WrittenAsync(jobs, context.Size.Settles(context.Variant), cancellationToken);
        var reading = new Reading { Fault = killed, SweeperKilled = sweeperKilled, Batches = { jobs }, Figures = { [$"{name}.written"] = written } };
        if (written == jobs.Jobs)
        {
            reading.Figures[$"{name}.seconds"] = await context.SecondsToLastWriteAsync(jobs, killed, cancellationToken);
        }

        return reading;
    }
}
