using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>
/// Runs the jobs of a message, one or more of one type: claim, fetch, compute, write, complete. Jobs of a type that runs them
/// together share each step; what fails for them together is done for each by itself, by the same steps with one.
/// </summary>
internal sealed class JobExecutor(
    ComputeLanes lanes, JobClaimer claimer, JobFetcher fetcher, JobCompleter completer, JobMetrics metrics, TimeProvider time, ILogger<JobExecutor> log)
{
    /// <summary>Runs jobs to their ends. What keeps one job from its end keeps no other from it, and is thrown last: the message comes again.</summary>
    /// <exception cref="AggregateException">The ends of several jobs could not be recorded; of one, its own exception is thrown.</exception>
    public async Task RunAsync(IReadOnlyList<Envelope> envelopes, JobHandler handler, IPartitionRuns runs, CancellationToken stopping)
    {
        // A lane before the claim: what waits for one is still queued, and says so.
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
        await using var fetched = await fetcher.FetchAsync(jobs, attempt);
        var failures = await completer.CompleteAsync(fetched.Ended, attempt);
        var computation = new BatchComputation(fetched.Ready, attempt, time, log);
        while (!computation.IsDone)
        {
            failures.AddRange(await completer.CompleteAsync(await computation.ComputeAsync(), attempt));
        }

        return (failures, fetched.Apart);
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
}
