using System.Diagnostics;

namespace Slowlane.Bench.Statistics;

/// <summary>Times calls, one after another.</summary>
internal static class CallTimes
{
    /// <summary>What each call took, in milliseconds.</summary>
    /// <param name="calls">How many.</param>
    /// <param name="call">Makes one.</param>
    /// <param name="cancellationToken">Ends them.</param>
    /// <param name="longest">After so long no other is made; null for no bound.</param>
    public static async Task<List<double>> MeasureAsync(int calls, Func<Task> call, CancellationToken cancellationToken, TimeSpan? longest = null)
    {
        var times = new List<double>(calls);
        for (var begun = Stopwatch.GetTimestamp(); times.Count < calls && !(Stopwatch.GetElapsedTime(begun) >= longest);)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var start = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        return times;
    }
}
