using Slowlane.Storage;

namespace Slowlane.Upkeep;

/// <summary>Wakes the jobs that a pause held back which is over.</summary>
internal sealed class HeldJobs(SweepStore store, JobQueue queue, TimeProvider time)
{
    /// <summary>How many messages are on their way at a time.</summary>
    private const int Sends = 16;

    /// <summary>Wakes them, those that wait the longest first, until all are awake or the time is over; returns how many.</summary>
    /// <remarks>What is left over, and whose message could not be sent, waits for the sweep.</remarks>
    public async Task<int> WakeAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var woken = 0;
        int found;
        do
        {
            var jobs = await store.WakeHeldAsync(SweepStore.Batch, cancellationToken);
            await Parallel.ForEachAsync(
                jobs,
                new ParallelOptions { MaxDegreeOfParallelism = Sends, CancellationToken = cancellationToken },
                async (job, token) => await queue.WakeAsync(job.Id, job.Type, TimeSpan.Zero, token));
            woken += found = jobs.Count;
        }
        while (found == SweepStore.Batch && time.GetElapsedTime(started) < limit);
        return woken;
    }
}
