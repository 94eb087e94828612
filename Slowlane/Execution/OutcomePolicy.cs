using System.Globalization;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Decides how an attempt ended. Pure.</summary>
internal static class OutcomePolicy
{
    /// <summary>How long a job waits that was cut off by an outage: long enough for a restart of the database.</summary>
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);

    /// <summary>So many outages in one job's attempts are taken for bad luck; from then on each is charged, for the job may be what crashes the server.</summary>
    public const int FreeOutages = 10;

    /// <param name="failure">What the attempt threw; null when it was written.</param>
    /// <param name="stop">Why it was told to stop, if it was.</param>
    /// <param name="attempt">Which attempt it was, from 1.</param>
    /// <param name="outages">How many attempts before it were cut off by an outage.</param>
    /// <param name="options">The type's options.</param>
    /// <param name="random">For the jitter, from 0 to 1.</param>
    public static Outcome Decide(Exception? failure, StopReason stop, int attempt, int outages, JobOptions options, double random) => (failure, stop) switch
    {
        (null, _) => new Outcome.Succeeded(),
        (LeaseLostException, _) or (_, StopReason.LeaseLost) => new Outcome.LeaseLost(),
        (_, StopReason.Cancelled) => new Outcome.Cancelled(),
        (JobException { IsTransient: false } e, _) => new Outcome.Failed(Said(e)),
        (_, StopReason.TimeLimit) => new Outcome.Failed(OverLimit(options.TimeLimit)),
        (_, StopReason.Shutdown) => new Outcome.Released(TimeSpan.Zero),
        _ when Outage.Is(failure) && outages < FreeOutages => new Outcome.Interrupted(AfterOutage),
        _ when attempt >= options.MaxAttempts => new Outcome.Failed(AttemptsUsed(failure, attempt)),
        _ => new Outcome.Retry(Backoff.After(attempt, options.Backoff, options.MaxBackoff, random), Attempted(failure, attempt)),
    };

    private static JobError Said(JobException failure) => new(failure.Code, failure.Title, failure.Message);

    // Another attempt would take as long: it is not made.
    private static JobError OverLimit(TimeSpan limit) => new(
        "time-limit",
        "The job took too long.",
        string.Create(CultureInfo.InvariantCulture, $"The attempt was stopped at its time limit, {limit:c}; submit less data, or set a longer {nameof(JobOptions.TimeLimit)} beside the job's type, and retry it."));

    private static JobError AttemptsUsed(Exception failure, int attempt) => failure is JobException said ? Said(said) : new(
        "attempts-used",
        "Every attempt failed.",
        string.Create(CultureInfo.InvariantCulture, $"The job failed {attempt} times, the last time with {NameOf(failure)}. The worker's log has the details; retry it once the cause is gone."));

    private static JobError Attempted(Exception failure, int attempt) => failure is JobException said ? Said(said) : new(
        "attempt-failed",
        "An attempt failed; the job will be tried again.",
        string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt} failed with {NameOf(failure)}. The worker's log has the details."));

    // Of a job that was split, the same that it would have been whole.
    private static string NameOf(Exception failure) => failure is PartitionFailedException part ? part.Cause : failure.GetType().Name;
}
