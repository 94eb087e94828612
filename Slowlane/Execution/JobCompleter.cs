using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Completes attempts: has the results written, then records every other outcome.</summary>
internal sealed partial class JobCompleter(
    ResultWriter writer, EnvironmentFaults environment, OutcomeRecorder recorder, TimeProvider time, JobMetrics metrics, ILogger<JobCompleter> log)
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
        foreach (var grouping in (await environment.FindAsync(ended, stop.WriteToken)).GroupBy(OutcomeOf, result => result.Job).ToList())
        {
            await RecordAsync(grouping.Key, [.. grouping], failures, stop.WriteToken);
        }

        return failures;
    }

    private Outcome OutcomeOf(AttemptResult result)
    {
        var (failure, claim) = (result.Failure, result.Job.Claim);

        // The error of a job type is the job's result, and is logged once when it is recorded. Its cause and any other failure are logged here.
        // A cancellation is a failure if nothing has told the job to stop, such as the time-out of an HTTP client.
        var isExpected = failure switch
        {
            null or LeaseLostException or JobException { InnerException: null } => true,
            OperationCanceledException => result.Job.Stop.Reason is not StopReason.None,
            _ => false,
        };
        if (!isExpected)
        {
            using var scope = result.Job.Enter(log);
            AttemptFailed(log, claim.Id, claim.Type.Name, claim.Attempt, failure!.Message, result.IsLogged ? null : FailureStack.Of(failure));
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
                await recorder.RecordAsync(outcome, [.. some.Select(job => job.Claim)], cancellationToken);
                Complete(outcome, some);
            }
            // Thrown once the other jobs are completed. An outcome that could not be recorded is counted when its message is delivered again.
#pragma warning disable CA1031
            catch (Exception e)
#pragma warning restore CA1031
            {
                failures.Add(e);
                foreach (var job in some)
                {
                    job.GiveUp(e);
                }
            }
        }
    }

    private void Complete(Outcome outcome, IReadOnlyList<RunningJob> jobs)
    {
        foreach (var job in jobs)
        {
            metrics.Attempted(job.Claim.Type.Name, outcome.Name());
            job.Complete(outcome);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): the attempt failed (number {Attempt}): {Reason}")]
    private static partial void AttemptFailed(ILogger log, JobId jobId, string type, int attempt, string reason, Exception? failure);
}
