using System.Globalization;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution.Partitions;

/// <summary>Has the partitions of a job computed and waits for them, in the worker that has claimed the job.</summary>
internal sealed partial class PartitionCoordinator(PartitionStore parts, OutageRetry outageRetry, TimeProvider time, ILogger<PartitionCoordinator> log)
{
    /// <summary>
    /// The time limit of a clean-up. A hub that does not answer must not keep an attempt from ending, and its partitions stop by
    /// themselves.
    /// </summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(3);

    /// <summary>Creates the fan-out of one attempt. Progress is reported to the context.</summary>
    public IFanOut For(Claim claim, IPartitionRuns runs, JobContext context) => new FanOut(this, claim, runs, context);

    /// <summary>
    /// Returns the wait between two polls: a tenth of the time that the partitions have taken so far, so that a late poll costs
    /// at most a tenth more. Pure.
    /// </summary>
    internal static TimeSpan Pause(TimeSpan elapsed) => TimeSpan.FromMilliseconds(Math.Clamp(elapsed.TotalMilliseconds / 10, 100, 1000));

    private async Task<IReadOnlyList<byte[]>> ComputeAsync(Claim claim, IPartitionRuns runs, IReadOnlyList<string> ranges, Snapshot snapshot, JobContext context)
    {
        // Each attempt has a new id: the snapshot ends with its coordinator, and partitions that were read in it are then useless.
        var id = string.Create(CultureInfo.InvariantCulture, $"{claim.Id}-{claim.Fence}");
        var end = await RunToEndAsync(id, runs, new PartitionRunInput(claim.Id.ToString(), claim.Fence, snapshot.Name, ranges, JobTrace.Current()), snapshot, context);
        if (end.Failure() is { } failure)
        {
            throw failure;
        }

        var states = await outageRetry.ExecuteAsync(() => parts.StatesAsync(claim, context.CancellationToken), context.CancellationToken);
        return states.Count == ranges.Count
            ? states
            : throw new PartitionRunLostException($"Of {ranges.Count} parts, {states.Count} are in the database.");
    }

    private async Task<PartitionResult> RunToEndAsync(string id, IPartitionRuns runs, PartitionRunInput input, Snapshot snapshot, JobContext context)
    {
        var ended = false;
        try
        {
            await outageRetry.ExecuteAsync(() => StartAsync(id, runs, input, context.CancellationToken), context.CancellationToken);
            Started(log, context.Id, context.Type, input.Ranges.Count);
            var status = await WatchAsync(id, runs, snapshot, context);
            ended = true;
            return status.End ?? throw new PartitionRunLostException($"The run {id} of the job's parts did not finish: {status.Failure}.");
        }
        finally
        {
            await CleanUpRunAsync(id, token => ended ? runs.PurgeAsync(id, token) : runs.StopAsync(id, token));
        }
    }

    // Checks for the run first, because an earlier start may have succeeded although its answer was lost.
    private static async Task StartAsync(string id, IPartitionRuns runs, PartitionRunInput input, CancellationToken cancellationToken)
    {
        if (await runs.GetAsync(id, cancellationToken) is null)
        {
            await runs.StartAsync(id, input, cancellationToken);
        }
    }

    private async Task<PartitionRunStatus> WatchAsync(string id, IPartitionRuns runs, Snapshot snapshot, JobContext context)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Pause(time.GetElapsedTime(started)), time, context.CancellationToken);
            await snapshot.KeepAsync(context.CancellationToken);
            var status = await outageRetry.ExecuteAsync(() => runs.GetAsync(id, context.CancellationToken), context.CancellationToken)
                ?? new PartitionRunStatus(0, Failure: "it is gone");
            context.ReportProgress(status.Progress);
            if (status.End is not null || status.Failure is not null)
            {
                return status;
            }
        }
    }

    // Not under a token of the attempt, which may have fired. A failure here is repaired: the partitions check the job
    // themselves, and the maintenance deletes old runs.
    private async Task CleanUpRunAsync(string id, Func<CancellationToken, Task> cleanUp)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit, time);
        try
        {
            await cleanUp(limit.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or PartitionRunLostException)
        {
            Left(log, id, e.Message);
        }
    }

    private sealed class FanOut(PartitionCoordinator coordinator, Claim claim, IPartitionRuns runs, JobContext context) : IFanOut
    {
        public Task<IReadOnlyList<byte[]>> ComputeAsync(IReadOnlyList<string> ranges, Snapshot snapshot)
            => coordinator.ComputeAsync(claim, runs, ranges, snapshot, context);
    }

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Type}): split into {Parts} parts")]
    private static partial void Started(ILogger log, JobId jobId, string type, int parts);

    [LoggerMessage(LogLevel.Information, "The run {Run} of a job's parts was not cleaned up: {Reason}")]
    private static partial void Left(ILogger log, string run, string reason);
}
