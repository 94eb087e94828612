using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The job that an idempotency key stands for, and when and with which input (its SHA-256) it was first used.</summary>
internal sealed record KeyHolder(JobId Id, string Input, DateTimeOffset At)
{
    public static KeyHolder Of(JobId id, byte[] input, DateTimeOffset at) => new(id, Convert.ToHexStringLower(SHA256.HashData(input)), at);
}

/// <summary>A key that is free again; the tag names this very record, not one that took its place since.</summary>
internal readonly record struct ExpiredKey(string Name, ETag Tag);

/// <summary>Who holds which idempotency key: a blob a key, so that submitting needs no database.</summary>
internal sealed class KeyBlobs
{
    /// <summary>How long a key stands for its job, from its first use. Shorter than any retention, so the job is still known.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>A record goes this much later, so that a storage account whose clock runs ahead doesn't free a key too early.</summary>
    private static readonly TimeSpan ClockDrift = TimeSpan.FromHours(1);

    private static readonly BlobRequestConditions Absent = new() { IfNoneMatch = ETag.All };

    private readonly BlobContainerClient _container;
    private readonly TimeProvider _time;

    public KeyBlobs(SlowlaneOptions options, TimeProvider time)
    {
        _time = time;
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(5);
        _container = new BlobContainerClient(options.Storage, "slowlane-keys", client);
    }

    /// <summary>Takes the key, unless it is held: returns who holds it from now on.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<KeyHolder> TakeAsync(string name, KeyHolder candidate, CancellationToken cancellationToken)
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
        await foreach (var blob in _container.GetBlobsAsync(cancellationToken: cancellationToken))
        {
            if (blob.Properties.LastModified + Kept + ClockDrift <= _time.GetUtcNow() && blob.Properties.ETag is { } tag)
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
            return await _container.GetBlobClient(key.Name).DeleteIfExistsAsync(
                conditions: new BlobRequestConditions { IfMatch = key.Tag }, cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 412)
        {
            return false;
        }
    }

    private async Task<bool> WriteAsync(string name, KeyHolder holder, BlobRequestConditions when, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name);
        var content = new BinaryData(JsonSerializer.SerializeToUtf8Bytes(new KeyDocument(holder.Id.ToString(), holder.Input, holder.At), KeyJson.Default.KeyDocument));
        var options = new BlobUploadOptions { Conditions = when };
        try
        {
            try
            {
                await blob.UploadAsync(content, options, cancellationToken);
            }
            catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
                await blob.UploadAsync(content, options, cancellationToken);
            }

            return true;
        }
        catch (RequestFailedException e) when (e.Status == 412 || e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            return false;
        }
    }

    /// <summary>Who holds the key, or what to replace: a record that is expired or none of ours.</summary>
    private async Task<(KeyHolder? Holder, ETag? Tag)> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var blob = (await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken)).Value;
            var holder = Parse(blob.Content);
            return (holder?.At + Kept > _time.GetUtcNow() ? holder : null, blob.Details.ETag);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return default;
        }
    }

    private static KeyHolder? Parse(BinaryData content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, KeyJson.Default.KeyDocument) is { Input: { } input } document && JobId.TryParse(document.Job, out var id)
                ? new KeyHolder(id, input, document.At)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>What stands in the blob.</summary>
internal sealed record KeyDocument(string? Job, string? Input, DateTimeOffset At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(KeyDocument))]
internal sealed partial class KeyJson : JsonSerializerContext;
