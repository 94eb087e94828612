namespace Slowlane.Resilience;

/// <summary>Computes the delay before the next attempt. Pure: the caller passes the random number.</summary>
internal static class Backoff
{
    /// <summary>
    /// The delay doubles from <paramref name="first"/> with each attempt, up to <paramref name="max"/>. Up to half of it is then subtracted at
    /// random: the "equal jitter" of Brooker, "Exponential Backoff and Jitter" (AWS Architecture Blog, 2015).
    /// </summary>
    /// <param name="attempt">The failed attempt, from 1.</param>
    /// <param name="first">The delay after the first attempt.</param>
    /// <param name="max">The maximum delay.</param>
    /// <param name="random">A random number from 0 (inclusive) to 1.</param>
    public static TimeSpan After(int attempt, TimeSpan first, TimeSpan max, double random)
    {
        // 2^62 ticks are already 14,000 years. The exponent is limited so that the double stays exact enough.
        var full = Math.Min(first.Ticks * Math.Pow(2, Math.Clamp(attempt - 1, 0, 62)), max.Ticks);
        return TimeSpan.FromTicks((long)(full * (1 - (random / 2))));
    }
}
