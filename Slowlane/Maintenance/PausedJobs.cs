namespace Slowlane.Maintenance;

/// <summary>Wakes jobs that waited for a pause which is over.</summary>
internal sealed class PausedJobs(SweepStore store, WakeUps wakeUps, TimeProvider time)
{
    /// <summary>Wakes the jobs, the longest waiting first, until all are awake or the time limit is over. Returns their number.</summary>
    /// <remarks>The sweep wakes the remaining jobs, and those whose message could not be sent.</remarks>
    public async Task<int> WakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var woken = 0;
        int found;
        do
        {
            woken += found = await wakeUps.SendAsync(await store.WakePausedAsync(SweepStore.Batch, cancellationToken), cancellationToken);
        }
        while (found == SweepStore.Batch && time.GetElapsedTime(started) < limit);
        return woken;
    }
}
