using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>
/// Deletes jobs and messages past their retention, batch by batch, for a few seconds at most. That is enough for a thousand jobs
/// a second, and no sweep waits long for it.
/// </summary>
internal sealed class Retention(RetentionStore store, InputBlobs inputs, ResultBlobs results, TimeProvider time)
{
    /// <summary>After this time no further batch is started. The next sweep continues.</summary>
    public static readonly TimeSpan MaxRun = TimeSpan.FromSeconds(5);

    private const int BlobsAtOnce = 16;

    private RetentionMark _from = RetentionMark.Start; // Where the last run stopped among jobs that it had to keep, so that they do not take all the time of each.

    /// <summary>Runs once. Jobs whose tombstone is old enough are deleted first, so that the search for the next jobs passes fewer rows.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (RetentionMark? mark = _from; mark is not null;)
        {
            var purged = await store.PurgeAsync(mark, cancellationToken);
            await DeleteAsync(purged, cancellationToken);
            mark = purged.Jobs + purged.Kept > 0 ? purged.Next : null; // If no job of a batch could be deleted, no later one can.
            _from = purged.Kept > 0 && mark is not null ? mark : RetentionMark.Start;
            mark = HasTime() ? mark : null;
        }

        for (var mark = RetentionMark.Start; mark is not null;)
        {
            mark = await store.BuryAsync(mark, cancellationToken) is { } next && HasTime() ? next : null;
        }

        while (await store.PurgeExpiredAsync(cancellationToken) && HasTime())
        {
            // The condition deletes the next batch.
        }

        bool HasTime() => time.GetElapsedTime(start) < MaxRun;
    }

    private async Task DeleteAsync(Purged purged, CancellationToken cancellationToken)
    {
        var limit = new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(purged.Inputs, limit, async (blob, token) => await inputs.DeleteAsync(blob, token));
        await Parallel.ForEachAsync(purged.Results, limit, async (blob, token) => await results.DeleteAsync(blob, token));
    }
}
