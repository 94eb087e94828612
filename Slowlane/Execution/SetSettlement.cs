using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Ends the jobs of a set: has the results written together, then carries out every other outcome.</summary>
internal sealed class SetSettlement(
    SetWriter writer, AttemptRunner attempts, Settlement settlement, OutageRetry outageRetry, TimeProvider time, JobMetrics metrics, ILogger<SetSettlement> log)
{
    /// <summary>Settles jobs that have ended.</summary>
    /// <param name="jobs">Of one type.</param>
    /// <param name="type">Their type; null when none of them has a result.</param>
    /// <param name="stopping">Fires when the process stops: what is computed is written all the same, and the rest handed back.</param>
    public async Task SettleAsync(List<SetJob> jobs, IBatchJobHandler? type, CancellationToken stopping)
    {
        if (jobs.FindAll(job => job.Computed is not null) is { Count: > 0 } computed)
        {
            await writer.WriteAsync(computed, type!, stopping);
        }

        using var stop = new AttemptCancellation(time, Timeout.InfiniteTimeSpan, stopping);
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
        var recorded = outcome switch
        {
            Outcome.Succeeded => jobs,
            Outcome.HandedBack back => await HandBackAsync(jobs, back.After, outages: 0, failure, giveUp),
            Outcome.CutOff cut => await HandBackAsync(jobs, cut.After, outages: 1, failure, giveUp),
            _ => await EachAsync(outcome, jobs, failure, giveUp),
        };

        // What could not be recorded is counted when its message has come again.
        recorded.ForEach(job => metrics.Attempted(job.Claim.Type.Name, outcome.Name()));
        jobs.ForEach(job => job.Settled(outcome));
    }

    private async Task<List<SetJob>> HandBackAsync(List<SetJob> jobs, TimeSpan after, int outages, DeferredFailure failure, CancellationToken giveUp)
    {
        var claims = jobs.ConvertAll(job => job.Claim);
        return await failure.TryAsync(() => outageRetry.ExecuteAsync(() => settlement.HandBackAsync(claims, after, outages, giveUp), giveUp)) ? jobs : [];
    }

    private async Task<List<SetJob>> EachAsync(Outcome outcome, List<SetJob> jobs, DeferredFailure failure, CancellationToken giveUp)
    {
        var recorded = new List<SetJob>();
        foreach (var job in jobs)
        {
            using var scope = job.Scope(log);
            if (await failure.TryAsync(() => outageRetry.ExecuteAsync(() => settlement.SettleAsync(outcome, job.Claim, giveUp), giveUp)))
            {
                recorded.Add(job);
            }
        }

        return recorded;
    }
}
