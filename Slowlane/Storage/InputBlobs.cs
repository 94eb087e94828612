using Azure;
using Slowlane.Jobs;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Stores inputs and batches that do not fit a message. The message carries the blob's name instead (the claim-check pattern).</summary>
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

    /// <summary>Stores the jobs of a batch under a name that each send uses once. So a worker deletes only the blob that it has read.</summary>
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

    /// <summary>Deletes an input, if it exists.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _blobs.DeleteAsync(name, conditions: null, cancellationToken);
}
