using System.Globalization;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution.Partitions;

/// <summary>Has the parts of a job computed and waits for them: what whoever holds the job does.</summary>
internal sealed partial class PartitionCoordinator(PartitionStore parts, OutageRetry outageRetry, TimeProvider time, ILogger<PartitionCoordinator> log)
{
    /// <summary>A hub that doesn't answer must not keep an attempt from ending: its parts notice by themselves.</summary>
    private static readonly TimeSpan CleanUpLimit = TimeSpan.FromSeconds(3);

    /// <summary>The fan-out of one attempt: its context is told the progress.</summary>
    public IFanOut For(Claim claim, IPartitionRuns runs, JobContext context) => new FanOut(this, claim, runs, context);

    /// <summary>How long to wait between two looks: a tenth of what the parts have taken so far, so that a look that comes late costs a tenth at most. Pure.</summary>
    internal static TimeSpan Pause(TimeSpan elapsed) => TimeSpan.FromMilliseconds(Math.Clamp(elapsed.TotalMilliseconds / 10, 100, 1000));

    private async Task<IReadOnlyList<byte[]>> ComputeAsync(Claim claim, IPartitionRuns runs, IReadOnlyList<string> ranges, Snapshot snapshot, JobContext context)
    {
        // A new id for each attempt: the snapshot goes with its holder, and so do the parts that were read in it.
        var id = string.Create(CultureInfo.InvariantCulture, $"{claim.Id}-{claim.Fence}");
        var end = await UntilEndAsync(id, runs, new PartitionRunInput(claim.Id.ToString(), claim.Fence, snapshot.Name, ranges, JobTrace.Current()), snapshot, context);
        if (end.Failure() is { } failure)
        {
            throw failure;
        }

        var states = await outageRetry.ExecuteAsync(() => parts.StatesAsync(claim, context.CancellationToken), context.CancellationToken);
        return states.Count == ranges.Count
            ? states
            : throw new PartitionRunLostException($"Of {ranges.Count} parts, {states.Count} are in the database.");
    }

    private async Task<PartitionResult> UntilEndAsync(string id, IPartitionRuns runs, PartitionRunInput order, Snapshot snapshot, JobContext context)
    {
        var ended = false;
        try
        {
            await outageRetry.ExecuteAsync(() => StartAsync(id, runs, order, context.CancellationToken), context.CancellationToken);
            Started(log, context.Id, context.Type, order.Ranges.Count);
            var look = await WatchAsync(id, runs, snapshot, context);
            ended = true;
            return look.End ?? throw new PartitionRunLostException($"The run {id} of the job's parts came to no end: {look.CutOff}.");
        }
        finally
        {
            await CleanUpRunAsync(id, token => ended ? runs.ForgetAsync(id, token) : runs.StopAsync(id, token));
        }
    }

    // Looked for first: of a start before this one, only the answer may have been lost.
    private static async Task StartAsync(string id, IPartitionRuns runs, PartitionRunInput order, CancellationToken cancellationToken)
    {
        if (await runs.LookAsync(id, cancellationToken) is null)
        {
            await runs.StartAsync(id, order, cancellationToken);
        }
    }

    private async Task<PartitionRunStatus> WatchAsync(string id, IPartitionRuns runs, Snapshot snapshot, JobContext context)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(Pause(time.GetElapsedTime(started)), time, context.CancellationToken);
            await snapshot.KeepAsync(context.CancellationToken);
            var look = await outageRetry.ExecuteAsync(() => runs.LookAsync(id, context.CancellationToken), context.CancellationToken)
                ?? new PartitionRunStatus(0, CutOff: "it is gone");
            context.ReportProgress(look.Progress);
            if (look.End is not null || look.CutOff is not null)
            {
                return look;
            }
        }
    }

    // Under no token of the attempt's, which may have fired. What fails here is healed: by the parts, which look at the
    // job themselves, and by the upkeep, which forgets old runs.
    private async Task CleanUpRunAsync(string id, Func<CancellationToken, Task> farewell)
    {
        using var limit = new CancellationTokenSource(CleanUpLimit, time);
        try
        {
            await farewell(limit.Token);
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

    [LoggerMessage(LogLevel.Information, "The run {Run} of a job's parts was left as it is: {Reason}")]
    private static partial void Left(ILogger log, string run, string reason);
}
