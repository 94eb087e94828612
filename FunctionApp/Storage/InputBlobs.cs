using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Inputs that don't fit a message: the message carries the blob's name instead (the claim-check pattern).</summary>
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

    /// <summary>Reads an input.</summary>
    /// <exception cref="JobException">The blob is gone.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BinaryData> ReadAsync(string name, CancellationToken cancellationToken)
        => (await _blobs.ReadAsync(name, cancellationToken))?.Content
            ?? throw new JobException("input-missing", "The input is gone.", $"The blob '{name}' that holds the job's input is not in container '{Container}'; submit the job again.");

    /// <summary>Deletes an input, if it is there.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _blobs.DeleteAsync(name, conditions: null, cancellationToken);
}
