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
    /// How long one attempt may take, from its claim to the end of its write. Of short jobs that run together: their fetch,
    /// each computation, and each try of their write. More than zero, at most 7 days; 1 hour by default. What is stopped here is not tried again: the job fails with <c>time-limit</c>.
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
