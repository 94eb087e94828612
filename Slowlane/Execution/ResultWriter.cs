using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Writes what jobs have computed: all in one transaction or, where one of several spoils it, each by itself.</summary>
internal sealed partial class ResultWriter(ResultStore results, OutageRetry outageRetry, TimeProvider time, ILogger<ResultWriter> log)
{
    /// <summary>Writes; a result without a failure then is committed. A result that took minutes to compute outlives an outage of the database: the write is tried until it lands.</summary>
    public async Task<IReadOnlyList<AttemptResult>> WriteAsync(IReadOnlyList<AttemptResult> computed, BatchAttempt attempt)
    {
        using var step = new JobStep([.. computed.Select(result => result.Job)], attempt, time, log);
        try
        {
            var written = await UntilItLandsAsync(computed, attempt, step.Stop);
            return [.. computed.Select(result => written.Contains(result.Job.Claim.Id) ? result : NotWritten(result))];
        }
        catch (Exception e) when (step.Stop.Reason is StopReason.Shutdown)
        {
            return [.. computed.Select(result => ShutDown(result, e))];
        }
        catch (Exception e) when (!step.IsShared)
        {
            return [AttemptResult.Failed(computed[0].Job, e)];
        }
#pragma warning disable CA1031 // Whose fault it is shows when each is written by itself.
        catch (Exception e)
#pragma warning restore CA1031
        {
            WrittenApart(log, computed.Count, attempt.Handler.Name, e);
        }

        var apart = new List<AttemptResult>(computed.Count);
        foreach (var result in computed)
        {
            apart.AddRange(await WriteAsync([result], attempt));
        }

        return apart;
    }

    /// <summary>Tries until a write lands. The limit is that of each try: an outage that is waited out is not the jobs' time.</summary>
    private Task<IReadOnlySet<JobId>> UntilItLandsAsync(IReadOnlyList<AttemptResult> computed, BatchAttempt attempt, AttemptCancellation stop)
    {
        return Tracing.StepAsync("write", () => outageRetry.ExecuteAsync(() => stop.LimitedAsync(attempt.TimeLimit, TryAsync), stop.WriteToken));

        // A job that is to be cancelled while an outage is waited out is left out of the next try.
        Task<IReadOnlySet<JobId>> TryAsync()
        {
            var jobs = computed.Where(result => result.Job.MayWrite).Select(result => (result.Job.Claim, result.Computed!)).ToList();
            return jobs.Count == 0
                ? Task.FromResult<IReadOnlySet<JobId>>(new HashSet<JobId>())
                : results.SucceedAsync(jobs, attempt.Handler.WriteAsync, stop.WriteToken);
        }
    }

    private static AttemptResult NotWritten(AttemptResult result)
        => AttemptResult.Failed(result.Job, result.Job.MayWrite ? new LeaseLostException() : result.Job.Stopped);

    private static AttemptResult ShutDown(AttemptResult result, Exception failure)
    {
        result.Job.Stop.Stop(StopReason.Shutdown); // It may not have heard yet.
        return AttemptResult.Failed(result.Job, failure);
    }

    [LoggerMessage(LogLevel.Warning, "{Jobs} results ({Type}) are written one by one: the write of all of them failed")]
    private static partial void WrittenApart(ILogger log, int jobs, string type, Exception failure);
}
