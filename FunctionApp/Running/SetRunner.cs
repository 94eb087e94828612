using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Running.Parts;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Running;

/// <summary>
/// Runs the jobs of a message that several share: one claim, one fetch, a turn each on one lane, one write. What can't be
/// done together is done for each by itself, so every job has its own outcome.
/// </summary>
internal sealed partial class SetRunner(
    ComputeLanes lanes,
    ClaimStore claims,
    LeaseStore leases,
    AttemptRunner attempts,
    SetSettlement settlement,
    CancelWatch cancels,
    Patience patience,
    Database database,
    SlowlaneOptions options,
    TimeProvider time,
    JobMetrics metrics,
    ILogger<SetRunner> log)
{
    public async Task RunAsync(IReadOnlyList<Envelope> envelopes, RegisteredType type, IPartRuns parts, CancellationToken stopping)
    {
        List<SetJob> jobs = [];
        Heartbeat? heartbeat = null;
        try
        {
            using (var lane = await lanes.ReserveAsync(stopping))
            {
                jobs = await ClaimAsync(envelopes, type, stopping);
                heartbeat = Heartbeat.Start(leases, jobs.ConvertAll(job => job.Running), options.Lease, time, log);
                if (type is ICoalescedType coalesced)
                {
                    lane.Computed = (duration, cpu) => metrics.Computed(type.Name, duration, cpu);
                    await ComputeAsync(jobs, type, coalesced, lane, stopping);
                    await settlement.SettleAsync(jobs.FindAll(job => job.HasEnded), coalesced, stopping);
                }
            }

            foreach (var job in jobs.Where(job => !job.HasEnded))
            {
                await RunAloneAsync(job, parts, stopping);
            }

            // Those that did not come to that: the process stops, or somebody else has or wants the job.
            await settlement.SettleAsync(jobs.FindAll(job => !job.Running.IsSettled), null, stopping);
        }
        finally
        {
            await (heartbeat?.DisposeAsync() ?? ValueTask.CompletedTask);
            jobs.ForEach(job => job.Dispose());
        }
    }

    private async Task<List<SetJob>> ClaimAsync(IReadOnlyList<Envelope> envelopes, RegisteredType type, CancellationToken stopping)
    {
        var claimed = await patience.WaitOutAsync(() => claims.ClaimAsync(envelopes, type, stopping), stopping);
        if (claimed.Count < envelopes.Count)
        {
            Dropped(log, envelopes.Count - claimed.Count, envelopes.Count, type.Name);
        }

        var jobs = new List<SetJob>(claimed.Count);
        foreach (var claim in claimed)
        {
            metrics.Claimed(type.Name, claim.Waited);
            jobs.Add(new SetJob(claim, cancels, time, stopping));
        }

        return jobs;
    }

    /// <summary>Fetches for all, and lets each compute. Jobs that have not ended then are to be tried by themselves.</summary>
    private async Task ComputeAsync(List<SetJob> jobs, RegisteredType type, ICoalescedType coalesced, Lane lane, CancellationToken stopping)
    {
        var shared = jobs.FindAll(job => job.Claim.Input is not null); // A row from before may name a blob.
        shared.ForEach(job => job.Accept(coalesced));
        shared.RemoveAll(job => job.HasEnded);
        if (shared.Count > 0 && await FetchAsync(shared, type, coalesced, lane, stopping))
        {
            await new Turns(shared, coalesced, lane, log).TakeAsync();
        }
    }

    private async Task<bool> FetchAsync(List<SetJob> jobs, RegisteredType type, ICoalescedType coalesced, Lane lane, CancellationToken stopping)
    {
        using var stop = new AttemptStop(time, type.Options.TimeLimit, stopping);
        try
        {
            var data = await Tracing.StepAsync(
                "fetch", () => lane.HoldAsync(coalesced.FetchManyAsync(jobs.ConvertAll(job => job.Input), database.Source, stop.Token), stop.Token));
            for (var i = 0; i < jobs.Count; i++)
            {
                jobs[i].Data = data[i];
            }

            return true;
        }
        catch (Exception e) when (Outage.Is(e) || stop.Reason is StopReason.Shutdown)
        {
            jobs.ForEach(job => job.End(e));
        }
#pragma warning disable CA1031 // Whose fault it is shows when each is tried by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotFetched(log, jobs.Count, type.Name, e);
        }

        return false;
    }

    // On a lane of its own, and everything else its own, too. Until it begins the set keeps its lease.
    private async Task RunAloneAsync(SetJob job, IPartRuns parts, CancellationToken stopping)
    {
        try
        {
            using var lane = await lanes.ReserveAsync(job.Running.Stop.Token);
            job.Running.IsSettled = true;
            await attempts.RunAsync(job.Claim, lane, parts, stopping);
        }
        catch (OperationCanceledException e) when (!job.Running.IsSettled)
        {
            job.End(e);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Count} of {Jobs} jobs of a message ({Type}): finished, held or not due; dropped")]
    private static partial void Dropped(ILogger log, int count, int jobs, string type);

    [LoggerMessage(LogLevel.Warning, "{Jobs} jobs ({Type}) are tried one by one: the fetch for all of them failed")]
    private static partial void NotFetched(ILogger log, int jobs, string type, Exception failure);
}
