namespace Slowlane.Resilience;

/// <summary>How long to wait before the next try. Pure: the random number comes from the caller.</summary>
internal static class Backoff
{
    /// <summary>
    /// Doubles from <paramref name="first"/> with every attempt up to <paramref name="longest"/>, then takes a random
    /// half off: the "equal jitter" of Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).
    /// </summary>
    /// <param name="attempt">The attempt that failed, from 1.</param>
    /// <param name="first">The wait after the first attempt.</param>
    /// <param name="longest">No wait is longer.</param>
    /// <param name="random">From 0 (inclusive) to 1.</param>
    public static TimeSpan After(int attempt, TimeSpan first, TimeSpan longest, double random)
    {
        // 2^62 ticks are already 14,000 years; the exponent is bounded so that the double stays exact enough.
        var full = Math.Min(first.Ticks * Math.Pow(2, Math.Clamp(attempt - 1, 0, 62)), longest.Ticks);
        return TimeSpan.FromTicks((long)(full * (1 - (random / 2))));
    }
}
