namespace Slowlane.LocalHost.Settings;

/// <summary>The delay before a dead worker is restarted.</summary>
internal static class RestartDelay
{
    /// <summary>A worker that lives this long has started successfully.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    /// <param name="quickDeaths">How many times in a row, including this one, the worker died before it was stable. 0 if it was stable.</param>
    /// <param name="isRecycled">Whether the worker requested its restart. It is restarted at once, unless it repeats the request before it is stable.</param>
    public static TimeSpan After(int quickDeaths, bool isRecycled)
    {
        if (isRecycled && quickDeaths <= 1)
        {
            return TimeSpan.Zero;
        }

        var doublings = Math.Clamp(quickDeaths - 1, 0, 30);
        return TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, First.Ticks << doublings));
    }
}
