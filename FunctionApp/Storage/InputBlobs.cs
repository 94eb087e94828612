using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Inputs that don't fit a message: the message carries the blob's name instead (the claim-check pattern).</summary>
internal sealed class InputBlobs
{
    private readonly BlobContainerClient _container;

    public InputBlobs(SlowlaneOptions options)
    {
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        _container = new BlobContainerClient(options.Storage, "slowlane-inputs", client);
    }

    /// <summary>Stores an input and returns its name.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<string> StoreAsync(JobId id, BinaryData input, CancellationToken cancellationToken)
    {
        var name = $"{id}.json";
        try
        {
            await UploadAsync(name, input, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.BlobAlreadyExists)
        {
            // A submit under an idempotency key that is sent again: same id, same input.
        }

        return name;
    }

    /// <summary>Reads an input.</summary>
    /// <exception cref="JobException">The blob is gone.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BinaryData> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return blob.Value.Content;
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            throw new JobException("input-missing", "The input is gone.", $"The blob '{name}' that holds the job's input is not in container '{_container.Name}'; submit the job again.", e);
        }
    }

    /// <summary>Deletes an input, if it is there.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
        => _container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);

    private async Task UploadAsync(string name, BinaryData input, CancellationToken cancellationToken)
    {
        try
        {
            await _container.UploadBlobAsync(name, input, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await _container.UploadBlobAsync(name, input, cancellationToken);
        }
    }
}
