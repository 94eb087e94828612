namespace Slowlane.LocalHost.Processes;

/// <summary>How long to wait before a worker that died is started again.</summary>
internal static class RestartDelay
{
    /// <summary>A worker that lived this long did not die of its start.</summary>
    public static readonly TimeSpan Stable = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <param name="quickDeaths">How often in a row it died before it was stable, this time included; 0 when it had been.</param>
    /// <param name="isRecycled">Whether it asked for another: it gets one at once, unless it keeps asking.</param>
    public static TimeSpan After(int quickDeaths, bool isRecycled)
    {
        if (isRecycled && quickDeaths <= 1)
        {
            return TimeSpan.Zero;
        }

        var doublings = Math.Clamp(quickDeaths - 1, 0, 30);
        return TimeSpan.FromTicks(Math.Min(Longest.Ticks, First.Ticks << doublings));
    }
}
