namespace Slowlane.Bench.Compare.Steps;

internal static class ApartStep
{
    /// <remarks>The job waits before the worker's program is started. Its row comes after its claim: what is read here is no less than the time to that.</remarks>
    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.Processes.StopServersAsync();
        var reading = new Reading();
        var (front, worker) = context.Variant.Apart!.Value;
        var start = TimeProvider.System.GetUtcNow();
        await context.Processes.LaunchAsync(front, cancellationToken);
        var job = await StartStep.FirstAcceptedAsync(context, cancellationToken);
        reading.Figures["apart.accepted"] = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        reading.Batches.Add(job);

        start = TimeProvider.System.GetUtcNow();
        await context.Processes.LaunchMoreAsync(worker, cancellationToken);
        await context.WrittenAsync(job, StepContext.Undisturbed, cancellationToken);
        reading.Figures["apart.written"] = await context.SecondsToLastWriteAsync(job, start, cancellationToken);
        return reading;
    }
}
