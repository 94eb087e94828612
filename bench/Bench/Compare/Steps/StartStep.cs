using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Compare.Steps;

internal static class StartStep
{
    private const double Mebibyte = 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static async Task<Reading> RunAsync(StepContext context, CancellationToken cancellationToken)
    {
        await context.Processes.StopServersAsync();
        var reading = new Reading();
        var start = TimeProvider.System.GetUtcNow();
        await context.Processes.LaunchAsync(cancellationToken);
        var first = await FirstAcceptedAsync(context, cancellationToken);
        reading.Figures["start.accepted"] = (TimeProvider.System.GetUtcNow() - start).TotalSeconds;
        await context.WrittenAsync(first, StepContext.Undisturbed, cancellationToken);
        reading.Figures["start.written"] = await context.SecondsToLastWriteAsync(first, start, cancellationToken);
        reading.Batches.Add(first);

        await Task.Delay(context.Size.Idle, cancellationToken);
        var memory = context.Processes.Processes().Select(entry => ProcessTree.Memory([entry]) / Mebibyte).ToList();
        reading.Figures["start.largest"] = memory.Max();
        reading.Figures["start.memory"] = memory.Sum();
        return reading;
    }

    /// <summary>The first job that was answered with 202. None before it was accepted, so none is counted.</summary>
    public static async Task<Batch> FirstAcceptedAsync(StepContext context, CancellationToken cancellationToken)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < Timeout;)
        {
            var job = Batch.Burst(context.Variant.JobPath, 1, TimeSpan.Zero);
            await context.DriveAsync(cancellationToken, job.Flow);
            if (job.Flow.Accepted.Count == 1)
            {
                return job;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new InvalidOperationException($"{context.Variant.Name} accepted no job within {Timeout.TotalSeconds} s of its start.");
    }
}
