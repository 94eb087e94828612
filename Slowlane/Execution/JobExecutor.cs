using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>
/// Runs the jobs of a message, one or more of one type: claim, fetch, compute, write, complete. If the type runs its jobs
/// together, they share each step. If a shared step fails, each job repeats the steps by itself.
/// </summary>
internal sealed partial class JobExecutor(
    ComputeLanes lanes, JobClaimer claimer, JobFetcher fetcher, JobCompleter completer, JobMetrics metrics, TimeProvider time, ILogger<JobExecutor> log)
{
    /// <summary>
    /// Runs jobs to their ends. A failure of one job does not keep the others from their ends. It is thrown last, so that the
    /// message is delivered again.
    /// </summary>
    /// <exception cref="AggregateException">The outcomes of several jobs could not be recorded. For one job, its own exception is thrown.</exception>
    public async Task RunAsync(IReadOnlyList<Envelope> envelopes, JobHandler handler, IPartitionRuns runs, CancellationToken stopping)
    {
        // The lane is reserved before the claim, so a job that waits for a lane still has the status queued.
        using var lane = await lanes.ReserveAsync(stopping);
        await using var claimed = await claimer.ClaimAsync(envelopes, handler, stopping);
        var attempt = new BatchAttempt(handler, lane, runs, new ComputeMeter(metrics, handler.Name), stopping);
        List<Exception> failures = claimed.RestFailure is null ? [] : [claimed.RestFailure];
        foreach (var jobs in handler.RunsTogether ? [claimed.Jobs] : claimed.Jobs.Select(job => (IReadOnlyList<RunningJob>)[job]))
        {
            failures.AddRange(await AttemptAsync(jobs, attempt));
        }

        Throw(failures);
    }

    private async Task<List<Exception>> AttemptAsync(IReadOnlyList<RunningJob> jobs, BatchAttempt attempt)
    {
        var (failures, apart) = await AttemptTogetherAsync(jobs, attempt);
        foreach (var job in apart)
        {
            failures.AddRange(await AttemptAsync([job], attempt));
        }

        return failures;
    }

    private async Task<(List<Exception> Failures, IReadOnlyList<RunningJob> Apart)> AttemptTogetherAsync(IReadOnlyList<RunningJob> jobs, BatchAttempt attempt)
    {
        var fetched = await fetcher.FetchAsync(jobs, attempt);
        try
        {
            var failures = await completer.CompleteAsync(fetched.Ended, attempt);
            var computation = new BatchComputation(fetched.Ready, attempt, time, log);
            while (!computation.IsDone)
            {
                failures.AddRange(await completer.CompleteAsync(await computation.ComputeAsync(), attempt));
            }

            return (failures, fetched.Apart);
        }
        finally
        {
            await DisposeAsync(fetched, attempt);
        }
    }

    private async Task DisposeAsync(FetchedJobs fetched, BatchAttempt attempt)
    {
        try
        {
            await fetched.DisposeAsync().AsTask().WaitAsync(Lane.Grace, time, CancellationToken.None);
        }
#pragma warning disable CA1031 // The jobs are completed. A service that fails at its disposal, or does not end, must not keep the other jobs of the message from their ends.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NotDisposed(log, attempt.Handler.Name, e);
        }
    }

    private static void Throw(List<Exception> failures)
    {
        switch (failures)
        {
            case []:
                return;
            case [var one]:
                ExceptionDispatchInfo.Throw(one);
                break;
            default:
                throw new AggregateException(failures);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A service of job type {Type} failed when it was disposed of after the attempt")]
    private static partial void NotDisposed(ILogger log, string type, Exception failure);
}
