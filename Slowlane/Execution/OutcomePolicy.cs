using System.Globalization;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Decides how an attempt ended. Pure.</summary>
internal static class OutcomePolicy
{
    /// <summary>How long an interrupted job waits: long enough for a restart of the database.</summary>
    private static readonly TimeSpan AfterOutage = TimeSpan.FromSeconds(1);

    /// <summary>How long a job waits whose statements the database refuses, until somebody has mended the cause.</summary>
    public static readonly TimeSpan AfterRefusal = TimeSpan.FromSeconds(30);

    /// <summary>How many outages of one job are not charged. Each further one is charged, because the job itself may crash the server.</summary>
    public const int FreeOutages = 10;

    /// <param name="failure">The exception of the attempt; null if its result is written.</param>
    /// <param name="stop">Why the attempt was told to stop, if it was.</param>
    /// <param name="attempt">The number of the attempt, from 1.</param>
    /// <param name="outages">The number of earlier attempts that an outage interrupted.</param>
    /// <param name="options">The type's options.</param>
    /// <param name="random">A random number from 0 to 1, for the jitter.</param>
    public static Outcome Decide(Exception? failure, StopReason stop, int attempt, int outages, JobOptions options, double random) => (failure, stop) switch
    {
        (null, _) => new Outcome.Succeeded(),
        (LeaseLostException, _) or (_, StopReason.LeaseLost) => new Outcome.LeaseLost(),
        (_, StopReason.Cancelled) => new Outcome.Cancelled(),
        (JobException { IsTransient: false } e, _) => new Outcome.Failed(ErrorOf(e)),
        (_, StopReason.TimeLimit) => new Outcome.Failed(TimeLimitExceeded(options.TimeLimit)),
        (_, StopReason.Shutdown) => new Outcome.Released(TimeSpan.Zero),
        (StatementRefusedException, _) => new Outcome.Released(AfterRefusal),
        (JobConnectionException or DatabaseNotReadyException, _) => new Outcome.Released(AfterOutage),
        _ when Outage.Is(failure) && outages < FreeOutages => new Outcome.Interrupted(AfterOutage),
        _ when attempt >= options.MaxAttempts => new Outcome.Failed(AttemptsUsed(failure, attempt)),
        _ => new Outcome.Retry(Backoff.After(attempt, options.Backoff, options.MaxBackoff, random), Attempted(failure, attempt)),
    };

    private static JobError ErrorOf(JobException failure) => new(failure.Code, failure.Title, failure.Message);

    // Not retried, because another attempt would take as long.
    private static JobError TimeLimitExceeded(TimeSpan limit) => new(
        "time-limit",
        "The job took too long.",
        string.Create(CultureInfo.InvariantCulture, $"A step of the attempt took longer than its time limit, {limit:c}; submit less data, or set a longer {nameof(JobOptions.TimeLimit)} beside the job's type, and retry it."));

    private static JobError AttemptsUsed(Exception failure, int attempt) => failure is JobException own ? ErrorOf(own) : new(
        "attempts-used",
        "Every attempt failed.",
        string.Create(CultureInfo.InvariantCulture, $"The job failed {attempt} times, the last time with {FailureName.Of(failure)}. The worker's log has the details; retry it once the cause is gone."));

    private static JobError Attempted(Exception failure, int attempt) => failure is JobException own ? ErrorOf(own) : new(
        "attempt-failed",
        "An attempt failed; the job will be tried again.",
        string.Create(CultureInfo.InvariantCulture, $"Attempt {attempt} failed with {FailureName.Of(failure)}. The worker's log has the details."));
}
