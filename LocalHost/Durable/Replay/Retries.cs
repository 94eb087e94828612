using Microsoft.DurableTask;

namespace Slowlane.LocalHost.Durable.Replay;

/// <summary>Whether a failed task is tried again, and when.</summary>
internal static class Retries
{
    /// <summary>The wait before the next attempt; null when there is none.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="attempts">Attempts so far.</param>
    /// <param name="elapsed">Since the first one began.</param>
    /// <param name="failure">How the last one failed.</param>
    public static TimeSpan? Next(RetryPolicy policy, int attempts, TimeSpan elapsed, TaskFailureDetails failure)
    {
        if (attempts >= policy.MaxNumberOfAttempts
            || (policy.RetryTimeout != Timeout.InfiniteTimeSpan && elapsed >= policy.RetryTimeout)
            || !policy.Handles(failure))
        {
            return null;
        }

        var wait = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempts - 1);
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        return wait < longest.TotalMilliseconds ? TimeSpan.FromMilliseconds(wait) : longest;
    }
}
