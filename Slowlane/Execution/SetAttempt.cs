using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>What the jobs of a set do together: fetch, take their turns on one lane, be written.</summary>
internal sealed partial class SetAttempt(SetSettlement settlement, Database database, TimeProvider time, ILogger<SetAttempt> log)
{
    /// <summary>Fetches for all, and lets each compute and write. Jobs that have not ended then are to be tried by themselves.</summary>
    public async Task RunAsync(List<SetJob> jobs, JobHandler type, IBatchJobHandler coalesced, Lane lane, CancellationToken stopping)
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

    private async Task<bool> FetchAsync(List<SetJob> jobs, JobHandler type, IBatchJobHandler coalesced, Lane lane, CancellationToken stopping)
    {
        using var stop = new AttemptCancellation(time, type.Options.TimeLimit, stopping);
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
            jobs.ForEach(job => job.ShutDown(e));
        }
        catch (Exception e) when (Outage.Is(e))
        {
            CutOff(log, jobs.Count, type.Name, e);
            jobs.ForEach(job => job.CutOff(e));
        }
#pragma warning disable CA1031 // Whose fault it is shows when each is tried by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotFetched(log, jobs.Count, type.Name, e);
        }

        return false;
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} jobs ({Type}) were cut off: an outage ended the fetch for all of them")]
    private static partial void CutOff(ILogger log, int jobs, string type, Exception failure);

    [LoggerMessage(LogLevel.Warning, "{Jobs} jobs ({Type}) are tried one by one: the fetch for all of them failed")]
    private static partial void NotFetched(ILogger log, int jobs, string type, Exception failure);
}
