using System.Runtime.ExceptionServices;
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
        Exception? failed = null;
        try
        {
            using (var lane = await lanes.ReserveAsync(stopping))
            {
                (jobs, failed) = await ClaimAsync(envelopes, type, stopping);
                heartbeat = Heartbeat.Start(leases, jobs.ConvertAll(job => job.Running), options.Lease, time, log);
                if (type is ICoalescedType coalesced)
                {
                    lane.Computed = (duration, cpu) => metrics.Computed(type.Name, duration, cpu);
                    await TryAsync(() => ComputeAsync(jobs, type, coalesced, lane, stopping));
                }
            }

            foreach (var job in jobs.Where(job => !job.HasEnded))
            {
                await TryAsync(() => RunAloneAsync(job, parts, stopping));
            }

            // Those that did not come to that: the process stops, or somebody else has or wants the job.
            await TryAsync(() => settlement.SettleAsync(jobs.FindAll(job => !job.Running.IsSettled), type as ICoalescedType, stopping));
        }
        finally
        {
            await (heartbeat?.DisposeAsync() ?? ValueTask.CompletedTask);
            jobs.ForEach(job => job.Dispose());
        }

        if (failed is not null)
        {
            ExceptionDispatchInfo.Throw(failed); // The message comes again, and finds the others settled.
        }

        // What keeps one job from its end keeps no other from it.
        async Task TryAsync(Func<Task> work)
        {
            try
            {
                await work();
            }
#pragma warning disable CA1031 // Thrown once the others are settled.
            catch (Exception e)
#pragma warning restore CA1031
            {
                failed = e;
            }
        }
    }

    private async Task<(List<SetJob> Jobs, Exception? Failed)> ClaimAsync(IReadOnlyList<Envelope> envelopes, RegisteredType type, CancellationToken stopping)
    {
        var (claimed, failed) = await patience.WaitOutAsync(() => claims.ClaimAsync(envelopes, type, stopping), stopping);
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

        return (jobs, failed);
    }

    /// <summary>Fetches for all, and lets each compute and write. Jobs that have not ended then are to be tried by themselves.</summary>
    private async Task ComputeAsync(List<SetJob> jobs, RegisteredType type, ICoalescedType coalesced, Lane lane, CancellationToken stopping)
    {
        var shared = jobs.FindAll(job => job.Claim.Input is not null); // A row from before may name a blob.
        shared.ForEach(job => job.Accept(coalesced));
        shared.RemoveAll(job => job.HasEnded);
        if (shared.Count > 0 && await FetchAsync(shared, type, coalesced, lane, stopping))
        {
            for (var turns = new Turns(shared, coalesced, lane, time, log); await turns.TakeAsync();)
            {
                await settlement.SettleAsync(Ended(), coalesced, stopping);
            }
        }

        await settlement.SettleAsync(Ended(), coalesced, stopping);

        List<SetJob> Ended() => jobs.FindAll(job => job.HasEnded && !job.Running.IsSettled);
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
        catch (Exception e) when (stop.Reason is StopReason.Shutdown)
        {
            foreach (var job in jobs)
            {
                job.Running.Stop.Stop(StopReason.Shutdown); // It may not have heard yet.
                job.End(e);
            }
        }
        catch (Exception e) when (Outage.Is(e))
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
