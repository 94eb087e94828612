using Azure;
using Slowlane.Jobs;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Inputs and batches that don't fit a message: the message carries the blob's name instead (the claim-check pattern).</summary>
internal sealed class InputBlobs(SlowlaneOptions options)
{
    private const string Container = "slowlane-inputs";

    private readonly BlobStore _blobs = new(options, Container, TimeSpan.FromSeconds(10));

    /// <summary>Stores an input and returns its name.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<string> StoreAsync(JobId id, BinaryData input, CancellationToken cancellationToken)
    {
        var name = $"{id}.json";
        await _blobs.WriteAsync(name, input, conditions: null, cancellationToken);
        return name;
    }

    /// <summary>Stores the jobs of a batch under a name that no other send of it takes: whoever deletes it has read this one.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<string> StoreBatchAsync(JobId seed, BinaryData jobs, CancellationToken cancellationToken)
    {
        var name = $"batch-{seed}-{Guid.CreateVersion7():N}.json";
        await _blobs.WriteAsync(name, jobs, conditions: null, cancellationToken);
        return name;
    }

    /// <summary>Reads a batch.</summary>
    /// <exception cref="FormatException">The blob is gone.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BinaryData> ReadBatchAsync(string name, CancellationToken cancellationToken)
        => (await _blobs.ReadAsync(name, cancellationToken))?.Content
            ?? throw new FormatException($"The blob '{name}' that holds the message's jobs is not in container '{Container}'. If they were handed out before, nothing is missing; if it was removed, submit the batch again.");

    /// <summary>Reads an input.</summary>
    /// <exception cref="JobException">The blob is gone.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BinaryData> ReadAsync(string name, CancellationToken cancellationToken)
        => (await _blobs.ReadAsync(name, cancellationToken))?.Content
            ?? throw new JobException("input-missing", "The input is gone.", $"The blob '{name}' that holds the job's input is not in container '{Container}'; submit the job again.");

    /// <summary>Deletes an input, if it is there.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _blobs.DeleteAsync(name, conditions: null, cancellationToken);
}
