using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>A key that is free again; the tag names this very record, not one that took its place since.</summary>
internal readonly record struct ExpiredKey(string Name, ETag Tag);

/// <summary>Who holds which idempotency key: a blob a key, so that submitting needs no database.</summary>
internal sealed class IdempotencyStore(SlowlaneOptions options, TimeProvider time)
{
    /// <summary>How long a key stands for its job, from its first use. No longer than any retention, so the job is still known.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A record goes this much later, so that a storage account whose clock runs ahead doesn't free a key too early.</summary>
    private static readonly TimeSpan ClockDrift = TimeSpan.FromHours(1);

    private static readonly BlobRequestConditions Absent = new() { IfNoneMatch = ETag.All };

    private readonly BlobStore _blobs = new(options, "slowlane-keys", TimeSpan.FromSeconds(5));

    /// <summary>Takes the key, unless it is held: returns who holds it from now on.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<IdempotencyRecord> TakeAsync(string name, IdempotencyRecord candidate, CancellationToken cancellationToken)
    {
        // Another round means that somebody else took, replaced or deleted the record in between.
        for (var free = Absent; ;)
        {
            if (await WriteAsync(name, candidate, free, cancellationToken))
            {
                return candidate;
            }

            var (holder, tag) = await ReadAsync(name, cancellationToken);
            if (holder is not null)
            {
                return holder;
            }

            free = tag is { } expired ? new BlobRequestConditions { IfMatch = expired } : Absent;
        }
    }

    /// <summary>The keys that are free again but still have their record.</summary>
    public async IAsyncEnumerable<ExpiredKey> ExpiredAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var blob in _blobs.ListAsync(cancellationToken))
        {
            if (blob.Properties.LastModified + Kept + ClockDrift <= time.GetUtcNow() && blob.Properties.ETag is { } tag)
            {
                yield return new ExpiredKey(blob.Name, tag);
            }
        }
    }

    /// <summary>Deletes the record; false when it is gone, or another use of the key took its place.</summary>
    public async Task<bool> DeleteAsync(ExpiredKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await _blobs.DeleteAsync(key.Name, new BlobRequestConditions { IfMatch = key.Tag }, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    private async Task<bool> WriteAsync(string name, IdempotencyRecord holder, BlobRequestConditions when, CancellationToken cancellationToken)
    {
        try
        {
            await _blobs.WriteAsync(name, holder.ToContent(), when, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Who holds the key, or what to replace: a record that is expired or none of ours.</summary>
    private async Task<(IdempotencyRecord? Holder, ETag? Tag)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var blob = await _blobs.ReadAsync(name, cancellationToken);
        var holder = blob is null ? null : IdempotencyRecord.Parse(blob.Content);
        return (holder?.Holds(time.GetUtcNow(), Kept) == true ? holder : null, blob?.Details.ETag);
    }
}
