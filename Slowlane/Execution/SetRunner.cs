using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>
/// Runs the jobs of a message that several share: one claim, one fetch, a turn each on one lane, one write. What can't be
/// done together is done for each by itself, so every job has its own outcome.
/// </summary>
internal sealed partial class SetRunner(
    ComputeLanes lanes,
    ClaimStore claims,
    LeaseStore leases,
    SetAttempt together,
    AttemptRunner attempts,
    SetSettlement settlement,
    CancelWatch cancels,
    OutageRetry outageRetry,
    SlowlaneOptions options,
    TimeProvider time,
    JobMetrics metrics,
    ILogger<SetRunner> log)
{
    public async Task RunAsync(IReadOnlyList<Envelope> envelopes, JobHandler type, IPartitionRuns parts, CancellationToken stopping)
    {
        var failure = new DeferredFailure();
        List<SetJob> jobs = [];
        Heartbeat? heartbeat = null;
        try
        {
            using (var lane = await lanes.ReserveAsync(stopping))
            {
                jobs = await ClaimAsync(envelopes, type, failure, stopping);
                heartbeat = Heartbeat.Start(leases, jobs.ConvertAll(job => job.Running), options.Lease, time, log);
                await RunTogetherAsync(jobs, type, lane, failure, stopping);
            }

            await RunRestAsync(jobs, type, parts, failure, stopping);
        }
        finally
        {
            await (heartbeat?.DisposeAsync() ?? ValueTask.CompletedTask);
            jobs.ForEach(job => job.Dispose());
        }

        failure.Throw();
    }

    private async Task<List<SetJob>> ClaimAsync(IReadOnlyList<Envelope> envelopes, JobHandler type, DeferredFailure failure, CancellationToken stopping)
    {
        var claimed = await outageRetry.ExecuteAsync(() => claims.ClaimAsync(envelopes, type, stopping), stopping);
        failure.Keep(claimed.RestFailure);
        if (claimed.Taken.Count < envelopes.Count)
        {
            Dropped(log, envelopes.Count - claimed.Taken.Count, envelopes.Count, type.Name);
        }

        var jobs = new List<SetJob>(claimed.Taken.Count);
        foreach (var claim in claimed.Taken)
        {
            metrics.Claimed(type.Name, claim.Waited);
            jobs.Add(new SetJob(claim, cancels, time, stopping));
        }

        return jobs;
    }

    private async Task RunTogetherAsync(List<SetJob> jobs, JobHandler type, Lane lane, DeferredFailure failure, CancellationToken stopping)
    {
        if (type is IBatchJobHandler coalesced)
        {
            lane.Computed = (duration, cpu) => metrics.Computed(type.Name, duration, cpu);
            await failure.TryAsync(() => together.RunAsync(jobs, type, coalesced, lane, stopping));
        }
    }

    private async Task RunRestAsync(List<SetJob> jobs, JobHandler type, IPartitionRuns parts, DeferredFailure failure, CancellationToken stopping)
    {
        foreach (var job in jobs.Where(job => !job.HasEnded))
        {
            await failure.TryAsync(() => RunAloneAsync(job, type, parts, stopping));
        }

        // Those that did not come to that: the process stops, or somebody else has or wants the job.
        await failure.TryAsync(() => settlement.SettleAsync(jobs.FindAll(job => !job.Running.IsSettled), type as IBatchJobHandler, stopping));
    }

    // On a lane of its own, and everything else its own, too. Until it begins the set keeps its lease.
    private async Task RunAloneAsync(SetJob job, JobHandler type, IPartitionRuns parts, CancellationToken stopping)
    {
        try
        {
            using var lane = await lanes.ReserveAsync(job.Running.Stop.Token);
            job.Running.IsSettled = true;
            await attempts.RunAsync(job.Claim, type, lane, parts, stopping);
        }
        catch (OperationCanceledException e) when (!job.Running.IsSettled)
        {
            job.End(e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Count} of {Jobs} jobs of a message ({Type}): finished, held or not due; dropped")]
    private static partial void Dropped(ILogger log, int count, int jobs, string type);
}
