using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Running;

/// <summary>Ends the jobs of a set: has the results written together, then carries out every other outcome.</summary>
internal sealed class SetSettlement(
    SetWriter writer, AttemptRunner attempts, Settlement settlement, Patience patience, TimeProvider time, JobMetrics metrics, ILogger<SetSettlement> log)
{
    /// <summary>Settles jobs that have ended.</summary>
    /// <param name="jobs">Of one type.</param>
    /// <param name="type">Their type; null when none of them has a result.</param>
    /// <param name="stopping">Fires when the process stops: what is computed is written all the same, and the rest handed back.</param>
    public async Task SettleAsync(List<SetJob> jobs, ICoalescedType? type, CancellationToken stopping)
    {
        if (jobs.FindAll(job => job.Computed is not null) is { Count: > 0 } computed)
        {
            await writer.WriteAsync(computed, type!, stopping);
        }

        using var stop = new AttemptStop(time, Timeout.InfiniteTimeSpan, stopping);
        var failure = new DeferredFailure();
        foreach (var alike in jobs.GroupBy(OutcomeOf).ToList())
        {
            await CarryOutAsync(alike.Key, [.. alike], failure, stop.WriteToken);
        }

        failure.Throw();
    }

    private Outcome OutcomeOf(SetJob job)
    {
        if (job.Failure is not { } failure)
        {
            return new Outcome.Succeeded();
        }

        using var scope = job.Scope(log);
        return attempts.OutcomeOf(job.Claim, failure, job.Running.Stop.Reason, job.IsCutOff);
    }

    /// <summary>Carries out an outcome that several jobs have. What goes wrong keeps no other job from its end.</summary>
    private async Task CarryOutAsync(Outcome outcome, List<SetJob> jobs, DeferredFailure failure, CancellationToken giveUp)
    {
        switch (outcome)
        {
            case Outcome.Succeeded:
                Count(outcome, jobs);
                break;
            case Outcome.HandedBack back:
                await HandBackAsync(outcome, jobs, back.After, outages: 0, failure, giveUp);
                break;
            case Outcome.CutOff cut:
                await HandBackAsync(outcome, jobs, cut.After, outages: 1, failure, giveUp);
                break;
            default:
                await EachAsync(outcome, jobs, failure, giveUp);
                break;
        }

        jobs.ForEach(job => job.Settled(outcome));
    }

    private async Task HandBackAsync(Outcome outcome, List<SetJob> jobs, TimeSpan after, int outages, DeferredFailure failure, CancellationToken giveUp)
    {
        var claims = jobs.ConvertAll(job => job.Claim);
        if (await failure.TryAsync(() => patience.WaitOutAsync(() => settlement.HandBackAsync(claims, after, outages, giveUp), giveUp)))
        {
            Count(outcome, jobs);
        }
    }

    private async Task EachAsync(Outcome outcome, List<SetJob> jobs, DeferredFailure failure, CancellationToken giveUp)
    {
        foreach (var job in jobs)
        {
            using var scope = job.Scope(log);
            if (await failure.TryAsync(() => patience.WaitOutAsync(() => settlement.SettleAsync(outcome, job.Claim, giveUp), giveUp)))
            {
                Count(outcome, [job]);
            }
        }
    }

    // Only what the row says: an outcome that could not be recorded is counted when its message has come again.
    private void Count(Outcome outcome, List<SetJob> jobs) => jobs.ForEach(job => metrics.Attempted(job.Claim.Type.Name, outcome));
}
