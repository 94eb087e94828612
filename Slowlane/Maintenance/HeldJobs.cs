namespace Slowlane.Maintenance;

/// <summary>Wakes the jobs that a pause held back which is over.</summary>
internal sealed class HeldJobs(SweepStore store, WakeUps wakeUps, TimeProvider time)
{
    /// <summary>Wakes them, those that wait the longest first, until all are awake or the time is over; returns how many.</summary>
    /// <remarks>What is left over, and whose message could not be sent, waits for the sweep.</remarks>
    public async Task<int> WakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var woken = 0;
        int found;
        do
        {
            woken += found = await wakeUps.SendAsync(await store.WakeHeldAsync(SweepStore.Batch, cancellationToken), cancellationToken);
        }
        while (found == SweepStore.Batch && time.GetElapsedTime(started) < limit);
        return woken;
    }
}
