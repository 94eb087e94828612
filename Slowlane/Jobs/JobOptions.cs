namespace Slowlane.Jobs;

/// <summary>How jobs of one type run. A job type returns them from its static property <c>Options</c>.</summary>
public sealed record JobOptions
{
    /// <summary>The number of attempts after which a job fails for good. 1 to 100; 5 by default.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The delay before the second attempt. It doubles with each later attempt. 1 s by default.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The maximum delay between two attempts. 5 min by default; at most 7 days, because a queue can't hide a message for longer.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a job of this type usually takes. It is the first <c>Retry-After</c> that a caller receives. 1 s by default.</summary>
    public TimeSpan TypicalDuration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The time limit of each step of an attempt: the fetch, the computation, and each try of the write. The fetch of a split job includes its
    /// partitions. The computation of a streaming type includes its fetch. Waiting does not count: neither for a lane, nor for other jobs of the
    /// same message, nor for the end of an outage. A job whose step exceeds the limit fails with <c>time-limit</c> and is not tried again.
    /// More than zero and at most 7 days; 1 hour by default.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Checks that each value is within its bounds.</summary>
    /// <exception cref="InvalidOperationException">A value is out of bounds.</exception>
    internal JobOptions Checked(string type)
    {
        Check(MaxAttempts is >= 1 and <= 100, $"{nameof(MaxAttempts)} is {MaxAttempts}; choose 1 to 100.");
        Check(Backoff >= TimeSpan.Zero, $"{nameof(Backoff)} is {Backoff}; choose zero or more.");
        Check(MaxBackoff >= Backoff && MaxBackoff <= TimeSpan.FromDays(7), $"{nameof(MaxBackoff)} is {MaxBackoff}; choose from {nameof(Backoff)} ({Backoff}) to 7 days.");
        Check(TypicalDuration > TimeSpan.Zero, $"{nameof(TypicalDuration)} is {TypicalDuration}; choose more than zero.");
        Check(TimeLimit > TimeSpan.Zero && TimeLimit <= TimeSpan.FromDays(7), $"{nameof(TimeLimit)} is {TimeLimit}; choose more than zero, at most 7 days.");
        return this;

        void Check(bool holds, string sentence)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"The options of job type '{type}' can't be used: {sentence}");
            }
        }
    }
}
