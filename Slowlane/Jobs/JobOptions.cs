namespace Slowlane.Jobs;

/// <summary>How jobs of one type are run. Lives beside the type's class.</summary>
public sealed record JobOptions
{
    /// <summary>How often a job is tried before it fails for good. 1 to 100; 5 by default.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>The wait before the second attempt; each later one doubles it. 1 s by default.</summary>
    public TimeSpan Backoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two attempts. 5 min by default; at most 7 days, the longest a queue can hide a message.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a job of this type usually takes: the first <c>Retry-After</c> a caller is given. 1 s by default.</summary>
    public TimeSpan TypicalDuration { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long each step of an attempt may take: its fetch (with the partitions of a job that is split), its computation (with
    /// the fetch, where the data streams) and each try of its write. Waiting is not counted: for a lane, for other jobs of the
    /// same message, for the end of an outage. More than zero, at most 7 days; 1 hour by default. A job whose step takes longer
    /// fails with <c>time-limit</c> and is not tried again.
    /// </summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Checks the bounds.</summary>
    /// <exception cref="InvalidOperationException">A value lies outside its bounds.</exception>
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
