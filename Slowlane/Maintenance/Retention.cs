using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>Deletes what is past its retention, batch by batch, for a few seconds at most: it keeps up with a thousand jobs a second, and no sweep waits long for it.</summary>
internal sealed class Retention(RetentionStore store, InputBlobs inputs, ResultBlobs results, TimeProvider time)
{
    /// <summary>After this no further batch is begun; the next sweep goes on.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private const int BlobsAtOnce = 16;

    /// <summary>One run. What was noted long enough ago goes first: then the next rows to note are soon found.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        for (var mark = RetentionMark.Start; mark is not null;)
        {
            var purged = await store.PurgeAsync(mark, cancellationToken);
            await DeleteAsync(purged, cancellationToken);
            mark = purged.Jobs > 0 && HasTime() ? purged.Next : null; // Behind a batch of which none could go, none can.
        }

        for (var mark = RetentionMark.Start; mark is not null;)
        {
            mark = await store.BuryAsync(mark, cancellationToken) is { } next && HasTime() ? next : null;
        }

        while (await store.ForgetAsync(cancellationToken) && HasTime())
        {
            // More of them.
        }

        bool HasTime() => time.GetElapsedTime(start) < Longest;
    }

    private async Task DeleteAsync(Purged purged, CancellationToken cancellationToken)
    {
        var limit = new ParallelOptions { MaxDegreeOfParallelism = BlobsAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(purged.Inputs, limit, async (blob, token) => await inputs.DeleteAsync(blob, token));
        await Parallel.ForEachAsync(purged.Results, limit, async (blob, token) => await results.DeleteAsync(blob, token));
    }
}
