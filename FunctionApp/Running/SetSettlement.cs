using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Running;

/// <summary>Ends the jobs of a set: writes the results together, then carries out every other outcome.</summary>
internal sealed partial class SetSettlement(
    ResultStore results, AttemptRunner attempts, Settlement settlement, Patience patience, TimeProvider time, JobMetrics metrics, ILogger<SetSettlement> log)
{
    /// <summary>Settles jobs that have ended.</summary>
    /// <param name="jobs">Of one type.</param>
    /// <param name="type">Their type; null when none of them has a result.</param>
    /// <param name="stopping">Fires when the process stops: what is computed is written all the same, and the rest handed back.</param>
    public async Task SettleAsync(List<SetJob> jobs, ICoalescedType? type, CancellationToken stopping)
    {
        if (jobs.FindAll(job => job.Computed is not null) is { Count: > 0 } computed)
        {
            await WriteAsync(computed, type!, stopping);
        }

        using var stop = new AttemptStop(time, Timeout.InfiniteTimeSpan, stopping);
        Exception? failed = null;
        foreach (var alike in jobs.GroupBy(OutcomeOf).ToList())
        {
            failed = await CarryOutAsync(alike.Key, [.. alike], stop.WriteToken) ?? failed;
        }

        if (failed is not null)
        {
            ExceptionDispatchInfo.Throw(failed); // The message comes again, and finds the others settled.
        }
    }

    private async Task WriteAsync(List<SetJob> jobs, ICoalescedType type, CancellationToken stopping)
    {
        using var stop = new AttemptStop(time, jobs[0].Claim.Type.Options.TimeLimit, stopping);
        try
        {
            // Whoever is to be cancelled while an outage is waited out is left out of the next try.
            var written = await Tracing.StepAsync("write", () => patience.WaitOutAsync(
                () => results.SucceedAsync([.. jobs.Select(job => (job.Claim, Computed: job.Computed!)).Where(job => job.Computed is not null)], type.WriteManyAsync, stop.WriteToken), stop.WriteToken));
            foreach (var job in jobs)
            {
                job.IsWritten = written.Contains(job.Claim.Id);
                job.WriteFailure = job.IsWritten || !job.MayWrite ? null : new LeaseLostException();
            }
        }
        catch (Exception e) when (stop.Reason is StopReason.Shutdown)
        {
            foreach (var job in jobs)
            {
                job.Running.Stop.Stop(StopReason.Shutdown); // It may not have heard yet.
                job.WriteFailure = e;
            }
        }
#pragma warning disable CA1031 // Whose fault it is shows when each is written by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotWritten(log, jobs.Count, jobs[0].Claim.Type.Name, e);
            foreach (var job in jobs)
            {
                await WriteAloneAsync(job);
            }
        }
    }

    private async Task WriteAloneAsync(SetJob job)
    {
        var outer = job.Enter();
        try
        {
            if (job.Computed is { } computed)
            {
                job.Running.Stop.Limit(job.Claim.Type.Options.TimeLimit);
                await attempts.WriteAsync(job.Claim, computed, job.Running.Stop);
                job.IsWritten = true;
            }
        }
#pragma warning disable CA1031 // Whatever it is, it is this job's outcome.
        catch (Exception e)
#pragma warning restore CA1031
        {
            job.WriteFailure = e;
        }
        finally
        {
            job.Running.Stop.Limit(Timeout.InfiniteTimeSpan); // What the others take from here on is not its time.
            job.Leave(outer);
        }
    }

    private Outcome OutcomeOf(SetJob job)
    {
        if (job.Failure is not { } failure)
        {
            return new Outcome.Succeeded();
        }

        using var scope = job.Scope(log);
        return attempts.OutcomeOf(job.Claim, failure, job.Running.Stop.Reason);
    }

    /// <summary>Carries out an outcome that several jobs have. Returns what went wrong, which keeps no other job from its end.</summary>
    private async Task<Exception?> CarryOutAsync(Outcome outcome, List<SetJob> jobs, CancellationToken giveUp)
    {
        var claims = jobs.ConvertAll(job => job.Claim);
        var failed = outcome switch
        {
            Outcome.Succeeded => null,
            Outcome.HandedBack back => await TryAsync(() => settlement.HandBackAsync(claims, back.After, outages: 0, giveUp), giveUp),
            Outcome.CutOff cut => await TryAsync(() => settlement.HandBackAsync(claims, cut.After, outages: 1, giveUp), giveUp),
            _ => await EachAsync(outcome, jobs, giveUp),
        };
        foreach (var job in jobs)
        {
            metrics.Attempted(job.Claim.Type.Name, outcome);
            job.Settled(outcome);
        }

        return failed;
    }

    private async Task<Exception?> EachAsync(Outcome outcome, List<SetJob> jobs, CancellationToken giveUp)
    {
        Exception? failed = null;
        foreach (var job in jobs)
        {
            using var scope = job.Scope(log);
            failed = await TryAsync(() => settlement.SettleAsync(outcome, job.Claim, giveUp), giveUp) ?? failed;
        }

        return failed;
    }

    private async Task<Exception?> TryAsync(Func<Task> settle, CancellationToken giveUp)
    {
        try
        {
            await patience.WaitOutAsync(settle, giveUp);
            return null;
        }
#pragma warning disable CA1031 // Thrown once the others are settled.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} results ({Type}) are written one by one: the write of all of them failed")]
    private static partial void NotWritten(ILogger log, int jobs, string type, Exception failure);
}
