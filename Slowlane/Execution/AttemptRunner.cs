using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Makes an attempt of a claimed job: fetch, compute, write, and what follows from how it ended.</summary>
internal sealed partial class AttemptRunner(
    ResultStore results,
    LeaseStore leases,
    InputBlobs inputs,
    Settlement settlement,
    CancelWatch cancels,
    PartitionCoordinator holder,
    OutageRetry outageRetry,
    Database database,
    SlowlaneOptions options,
    TimeProvider time,
    JobMetrics metrics,
    ILogger<AttemptRunner> log)
{
    /// <summary>Makes the attempt, all of it on this lane.</summary>
    public async Task RunAsync(Claim claim, JobHandler handler, Lane lane, IPartitionRuns parts, CancellationToken stopping)
    {
        using var scope = log.BeginScope(new AttemptScope(claim.Id, claim.Type.Name, claim.Attempt));
        using var span = AttemptSpan.Start(claim);
        lane.Computed = (duration, cpu) => metrics.Computed(claim.Type.Name, duration, cpu);
        var outcome = await AttemptAsync(claim, handler, lane, parts, stopping);
        span.Ended(outcome);
        await SettleAsync(outcome, claim, stopping);
        metrics.Attempted(claim.Type.Name, outcome.Name());
    }

    /// <summary>Writes what an attempt came to. A result that took minutes to compute outlives an outage of the database: the write is tried until it lands.</summary>
    private Task WriteAsync(Claim claim, Computed computed, AttemptCancellation stop) => Tracing.StepAsync(
        "write", () => outageRetry.ExecuteAsync(() => results.SucceedAsync(claim, computed, stop.WriteToken), stop.WriteToken));

    /// <summary>How an attempt ended; logs what is worth it.</summary>
    /// <param name="claim">The job.</param>
    /// <param name="failure">What the attempt threw; null when it was written.</param>
    /// <param name="stop">Why it was told to stop, if it was.</param>
    /// <param name="isTold">Whether the log has the failure's stack already, once for several jobs.</param>
    public Outcome OutcomeOf(Claim claim, Exception? failure, StopReason stop, bool isTold = false)
    {
        // What a job type says of itself is the job's answer, told once by its settlement; anything else is worth a stack.
        if (failure is not (null or JobException or LeaseLostException or OperationCanceledException))
        {
            AttemptFailed(log, claim.Id, claim.Type.Name, claim.Attempt, isTold ? null : failure);
        }

        return OutcomePolicy.Decide(failure, stop, claim.Attempt, claim.Outages, claim.Type.Options, Random.Shared.NextDouble());
    }

    private async Task<Outcome> AttemptAsync(Claim claim, JobHandler handler, Lane lane, IPartitionRuns parts, CancellationToken stopping)
    {
        using var job = new RunningJob(claim, claim.Type.Options.TimeLimit, cancels, time, stopping);
        await using var heartbeat = Heartbeat.Start(leases, [job], options.Lease, time, log);
        Exception? failure = null;
        try
        {
            var computed = await lane.HoldAsync(ComputeAsync(claim, handler, new Attempt(database.Source, lane, job.Context, holder.For(claim, parts))), job.Stop.Token);
            await WriteAsync(claim, computed, job.Stop);
        }
#pragma warning disable CA1031 // Whatever went wrong is this attempt's outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        return OutcomeOf(claim, failure, job.Stop.Reason);
    }

    private async Task<Computed> ComputeAsync(Claim claim, JobHandler handler, Attempt attempt)
    {
        var json = claim.Blob is null
            ? BinaryData.FromString(claim.Input!)
            : await inputs.ReadAsync(claim.Blob, attempt.CancellationToken);
        using var input = JsonDocument.Parse(json);
        return await handler.RunAsync(input.RootElement, attempt);
    }

    // Not under the stopping token alone: a process that stops still hands its jobs back.
    private async Task SettleAsync(Outcome outcome, Claim claim, CancellationToken stopping)
    {
        using var stop = new AttemptCancellation(time, Timeout.InfiniteTimeSpan, stopping);
        await outageRetry.ExecuteAsync(() => settlement.SettleAsync(outcome, claim, stop.WriteToken), stop.WriteToken);
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): attempt {Attempt} did not end well")]
    private static partial void AttemptFailed(ILogger log, JobId jobId, string type, int attempt, Exception? failure);
}
