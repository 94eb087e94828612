using System.Runtime.CompilerServices;
using Azure;
using Azure.Storage.Blobs.Models;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>A key whose record has expired. The tag identifies this record, and not a later one under the same name.</summary>
internal readonly record struct ExpiredKey(string Name, ETag Tag);

/// <summary>Stores which job holds which idempotency key. Each key is a blob, so that submitting needs no database.</summary>
internal sealed class IdempotencyStore(SlowlaneOptions options, TimeProvider time)
{
    /// <summary>How long a key stands for its job, from its first use. The time is no longer than any retention, so the job is still known.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A record is deleted this much later, so that a storage account whose clock runs ahead does not free a key too early.</summary>
    private static readonly TimeSpan ClockDrift = TimeSpan.FromHours(1);

    private static readonly BlobRequestConditions Absent = new() { IfNoneMatch = ETag.All };

    private readonly BlobStore _blobs = new(options, "slowlane-keys", TimeSpan.FromSeconds(5));

    /// <summary>Takes the key unless another job holds it. Returns the record that holds the key from now on.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<IdempotencyRecord> TakeAsync(string name, IdempotencyRecord candidate, CancellationToken cancellationToken)
    {
        // The loop repeats when another request took, replaced or deleted the record in between.
        for (var free = Absent; ;)
        {
            if (await WriteAsync(name, candidate, free, cancellationToken))
            {
                return candidate;
            }

            var (record, tag) = await ReadAsync(name, cancellationToken);
            if (record is not null)
            {
                return record;
            }

            free = tag is { } expired ? new BlobRequestConditions { IfMatch = expired } : Absent;
        }
    }

    /// <summary>Lists the expired keys whose record still exists.</summary>
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

    /// <summary>Deletes the record. Returns false if it is gone, or if another use of the key replaced it.</summary>
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

    private async Task<bool> WriteAsync(string name, IdempotencyRecord record, BlobRequestConditions when, CancellationToken cancellationToken)
    {
        try
        {
            await _blobs.WriteAsync(name, record.ToContent(), when, cancellationToken);
            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Returns the record that holds the key, or the tag of the blob to replace: a record that is expired or can't be read.</summary>
    private async Task<(IdempotencyRecord? Record, ETag? Tag)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        var blob = await _blobs.ReadAsync(name, cancellationToken);
        var record = blob is null ? null : IdempotencyRecord.Parse(blob.Content);
        return (record?.Holds(time.GetUtcNow(), Kept) == true ? record : null, blob?.Details.ETag);
    }
}
