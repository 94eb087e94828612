using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Completes attempts: has the results written, then records every other outcome.</summary>
internal sealed partial class JobCompleter(
    ResultWriter writer, OutcomeRecorder recorder, OutageRetry outageRetry, TimeProvider time, JobMetrics metrics, ILogger<JobCompleter> log)
{
    /// <summary>
    /// Completes jobs of one message. While the process stops, computed results are still written, and the other jobs are
    /// released.
    /// </summary>
    /// <returns>The failures that kept outcomes from being recorded. The message must then be delivered again.</returns>
    public async Task<List<Exception>> CompleteAsync(IReadOnlyList<AttemptResult> results, BatchAttempt attempt)
    {
        List<AttemptResult> ended = [.. results.Where(result => result.Computed is null)];
        if (ended.Count < results.Count)
        {
            ended.AddRange(await writer.WriteAsync([.. results.Where(result => result.Computed is not null)], attempt));
        }

        // Has more time than the stopping token gives: a process that stops still releases its jobs.
        using var stop = new AttemptCancellation(time, attempt.Stopping);
        var failures = new List<Exception>();
        foreach (var grouping in ended.GroupBy(OutcomeOf, result => result.Job).ToList())
        {
            await RecordAsync(grouping.Key, [.. grouping], failures, stop.WriteToken);
        }

        return failures;
    }

    private Outcome OutcomeOf(AttemptResult result)
    {
        var (failure, claim) = (result.Failure, result.Job.Claim);

        // The error of a job type is the job's result, and is logged once when it is recorded. Any other failure is logged with its stack.
        if (failure is not (null or JobException or LeaseLostException or OperationCanceledException))
        {
            using var scope = result.Job.Enter(log);
            AttemptFailed(log, claim.Id, claim.Type.Name, claim.Attempt, result.IsLogged ? null : failure);
        }

        return OutcomePolicy.Decide(failure, result.Job.Stop.Reason, claim.Attempt, claim.Outages, claim.Type.Options, Random.Shared.NextDouble());
    }

    /// <summary>Records an outcome of several jobs. A failure for one job does not keep the others from being recorded.</summary>
    private async Task RecordAsync(Outcome outcome, IReadOnlyList<RunningJob> jobs, List<Exception> failures, CancellationToken cancellationToken)
    {
        foreach (var some in outcome is Outcome.Released or Outcome.Interrupted ? [jobs] : jobs.Select(job => (IReadOnlyList<RunningJob>)[job]))
        {
            using var scope = some is [var one] ? one.Enter(log) : default;
            try
            {
                await outageRetry.ExecuteAsync(() => recorder.RecordAsync(outcome, [.. some.Select(job => job.Claim)], cancellationToken), cancellationToken);
                Count(outcome, some);
            }
// Thrown once the other jobs are completed. An outcome that could not be recorded is counted when its message is delivered again.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add(e);
            }
        }

        foreach (var job in jobs)
        {
            job.Complete(outcome);
        }
    }

    private void Count(Outcome outcome, IReadOnlyList<RunningJob> jobs)
    {
        foreach (var job in jobs)
        {
            metrics.Attempted(job.Claim.Type.Name, outcome.Name());
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): attempt {Attempt} did not end well")]
    private static partial void AttemptFailed(ILogger log, JobId jobId, string type, int attempt, Exception? failure);
}
