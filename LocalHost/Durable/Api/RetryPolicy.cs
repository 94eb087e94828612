namespace Microsoft.DurableTask;

/// <summary>How often, and after which waits, a failed task is tried again. The waits are durable timers.</summary>
public class RetryPolicy
{
    /// <param name="maxNumberOfAttempts">Attempts in all, the first included.</param>
    /// <param name="firstRetryInterval">The wait before the second attempt.</param>
    /// <param name="backoffCoefficient">What each further wait is multiplied by.</param>
    /// <param name="maxRetryInterval">The longest wait; an hour when none is given.</param>
    /// <param name="retryTimeout">No attempt begins later than this after the first one; no limit when none is given.</param>
    public RetryPolicy(int maxNumberOfAttempts, TimeSpan firstRetryInterval, double backoffCoefficient = 1.0, TimeSpan? maxRetryInterval = null, TimeSpan? retryTimeout = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxNumberOfAttempts);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(firstRetryInterval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(backoffCoefficient, 1.0);
        MaxNumberOfAttempts = maxNumberOfAttempts;
        FirstRetryInterval = firstRetryInterval;
        BackoffCoefficient = backoffCoefficient;
        MaxRetryInterval = NotBeforeFirst(maxRetryInterval, nameof(maxRetryInterval)) ?? TimeSpan.FromHours(1);
        RetryTimeout = NotBeforeFirst(retryTimeout, nameof(retryTimeout)) ?? Timeout.InfiniteTimeSpan;
    }

    /// <summary>Attempts in all, the first included.</summary>
    public int MaxNumberOfAttempts { get; }

    /// <summary>The wait before the second attempt.</summary>
    public TimeSpan FirstRetryInterval { get; }

    /// <summary>What each further wait is multiplied by.</summary>
    public double BackoffCoefficient { get; }

    /// <summary>The longest wait.</summary>
    public TimeSpan MaxRetryInterval { get; }

    /// <summary>No attempt begins later than this after the first one.</summary>
    public TimeSpan RetryTimeout { get; }

    /// <summary>Says of a failure whether the task is tried again; every failure is, when this is not set.</summary>
#pragma warning disable CA1044 // The official shape: set, never read by an app.
    public Func<TaskFailureDetails, bool> HandleFailure
#pragma warning restore CA1044
    {
        init => Handles = value;
    }

    internal Func<TaskFailureDetails, bool> Handles { get; private init; } = static _ => true;

    private TimeSpan? NotBeforeFirst(TimeSpan? value, string name)
        => value < FirstRetryInterval && value != Timeout.InfiniteTimeSpan
            ? throw new ArgumentOutOfRangeException(name, value, $"The value must not be less than the first retry interval, {FirstRetryInterval:c}.")
            : value;
}
