using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution.Partitions;

/// <summary>Computes one partition of a job in its coordinator's snapshot, and saves its state. The coordinator may be in another process.</summary>
internal sealed partial class PartitionRunner(
    PartitionStore partitions, PartitionComputation computation, WorkerRecycler recycler, OutageRetry outageRetry, TimeProvider time, ILogger<PartitionRunner> log)
{
    /// <summary>
    /// Runs a partition to its end. A thrown exception is an outage or the process's stop: the partition is tried again, here or
    /// on another worker.
    /// </summary>
    public async Task<PartitionResult> RunAsync(PartitionInput partition, CancellationToken stopping)
    {
        var job = JobId.TryParse(partition.Job, out var id) ? id : throw new FormatException($"'{partition.Job}' is not a job id.");
        var work = await outageRetry.ExecuteAsync(() => partitions.FindAsync(job, partition.Fence, partition.Part, stopping), stopping);
        if (work is null or { IsDone: true })
        {
            return work is null ? PartitionResult.Idle : PartitionResult.Done;
        }

        using var scope = log.BeginScope(new AttemptScope(job, work.Type, work.Attempt));
        using var span = AttemptSpan.StartPartition(partition, work);
        using var stop = new AttemptCancellation(time, stopping);
        await using var watch = PartitionWatch.Start(partitions, job, partition.Fence, stop, time, log);
        try
        {
            var state = await computation.ComputeAsync(partition, work, new JobContext(job, work.Type, work.Attempt, stop.Token));
            var isSaved = await outageRetry.ExecuteAsync(() => partitions.SaveAsync(job, partition.Fence, partition.Part, state, stop.WriteToken), stop.WriteToken);
            return isSaved ? PartitionResult.Done : PartitionResult.Idle;
        }
#pragma warning disable CA1031 // Any failure ends this partition; EndOf decides how.
        catch (Exception e) when (span.Failed(e) || EndOf(e, stop.Reason) is not null)
#pragma warning restore CA1031
        {
            return LogResult(EndOf(e, stop.Reason)!, job, work.Type, partition.Part, e);
        }
        finally
        {
            recycler.RecycleIfNeeded();
        }
    }

    /// <summary>Returns the result of a partition that threw; null if it should be tried again. Pure.</summary>
    internal static PartitionResult? EndOf(Exception failure, StopReason stop) => (failure, stop) switch
    {
        (_, StopReason.LeaseLost) => PartitionResult.Idle,
        (JobException reason, _) => PartitionResult.Refused(reason),
        (_, StopReason.Shutdown) => null,
        _ when Outage.Is(failure) => null,
        _ => PartitionResult.Failed(failure),
    };

    // The coordinator logs a type's own error once, so it is not logged here.
    private PartitionResult LogResult(PartitionResult end, JobId job, string type, int part, Exception failure)
    {
        if (end.Kind == PartitionResultKind.Failed)
        {
            PartitionFailed(log, job, type, part, failure);
        }
        else if (end.Kind == PartitionResultKind.Idle)
        {
            Ended(log, job, type, part);
        }

        return end;
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): part {Part} failed")]
    private static partial void PartitionFailed(ILogger log, JobId jobId, string type, int part, Exception failure);

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Type}): part {Part} stopped, its attempt is over")]
    private static partial void Ended(ILogger log, JobId jobId, string type, int part);
}
