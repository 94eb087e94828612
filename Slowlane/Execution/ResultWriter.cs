using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Writes the results of jobs: all in one transaction or, if that fails for several, each by itself.</summary>
internal sealed partial class ResultWriter(
    ResultStore results, DatabaseProbe database, OutageRetry outageRetry, TimeProvider time, ILogger<ResultWriter> log)
{
    /// <summary>A write that fails this often in a row while the database answers does not fail by an outage, but for example by its own time-out.</summary>
    private const int MaxTriesWhileAnswering = 5;

    /// <summary>
    /// Writes results. A returned result without a failure is committed. A write is tried again until it succeeds, because a
    /// result that took minutes to compute should outlive an outage of the database.
    /// </summary>
    public async Task<IReadOnlyList<AttemptResult>> WriteAsync(IReadOnlyList<AttemptResult> computed, BatchAttempt attempt)
    {
        IReadOnlyList<RunningJob> jobs = [.. computed.Select(result => result.Job)];
        var write = await JobStep.RunAsync(jobs, attempt, time, log, step => WriteWithRetryAsync(computed, attempt, step.Stop));
        if (write.Value is { } written)
        {
            return [.. computed.Select(result => written.Contains(result.Job.Claim.Id) ? result : NotWritten(result))];
        }

        if (write.SharedFailure is not { } e)
        {
            return write.Failed!;
        }

        WrittenApart(log, computed.Count, attempt.Handler.Name, e.Message, FailureStack.Of(e));
        var apart = new List<AttemptResult>(computed.Count);
        foreach (var result in computed)
        {
            apart.AddRange(await WriteAsync([result], attempt));
        }

        return apart;
    }

    /// <summary>
    /// Tries until a write succeeds. The time limit applies to each try, because the wait for the end of an outage is not the
    /// jobs' time.
    /// </summary>
    private Task<IReadOnlySet<JobId>> WriteWithRetryAsync(IReadOnlyList<AttemptResult> computed, BatchAttempt attempt, AttemptCancellation stop)
    {
        var tries = 0;
        return Tracing.StepAsync("write", () => outageRetry.ExecuteUnlessRefusedAsync(TryAsync, stop.WriteToken));

        async Task<IReadOnlySet<JobId>> TryAsync()
        {
            try
            {
                using var limited = stop.Limit(attempt.TimeLimit);
                return await attempt.Lane.WaitOrAbandonAsync(WriteAsync(), stop.WriteToken);
            }
            catch (NpgsqlException e) when (Outage.MayBeOfTheStatement(e))
            {
                tries = (await database.AskAsync(stop.WriteToken)).Writes ? tries + 1 : 0;
                if (tries == MaxTriesWhileAnswering)
                {
                    throw new InvalidOperationException($"The write failed {tries} times as by an outage, but the database answers.", e);
                }

                throw;
            }
        }

        // The next try leaves out a job that was cancelled during an outage.
        Task<IReadOnlySet<JobId>> WriteAsync()
        {
            var jobs = computed.Where(result => result.Job.MayWrite).Select(result => (result.Job.Claim, result.Computed!)).ToList();
            return jobs.Count == 0
                ? Task.FromResult<IReadOnlySet<JobId>>(new HashSet<JobId>())
                : results.SucceedAsync(jobs, attempt.Handler.WriteAsync, stop.WriteToken);
        }
    }

    private static AttemptResult NotWritten(AttemptResult result)
        => AttemptResult.Failed(result.Job, result.Job.MayWrite ? new LeaseLostException() : result.Job.Stopped);

    [LoggerMessage(LogLevel.Warning, "{Jobs} results ({Type}) are written one by one: the write of all of them failed ({Reason})")]
    private static partial void WrittenApart(ILogger log, int jobs, string type, string reason, Exception? failure);
}
