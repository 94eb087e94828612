using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>A container of blobs. The first write creates the container.</summary>
internal sealed class BlobStore
{
    private readonly BlobContainerClient _container;

    /// <param name="options">Names the storage account.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="timeout">How long one try of a call may take. A call has three tries.</param>
    public BlobStore(SlowlaneOptions options, string name, TimeSpan timeout)
    {
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = timeout;
        _container = options.Storage.Container(name, client);
    }

    /// <summary>Writes a blob. An existing blob is overwritten unless the conditions forbid it.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task WriteAsync(string name, BinaryData content, BlobRequestConditions? conditions, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name);
        var options = new BlobUploadOptions { Conditions = conditions };
        try
        {
            await blob.UploadAsync(content, options, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(content, options, cancellationToken);
        }
    }

    /// <summary>Returns the whole blob, or null if it does not exist.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BlobDownloadResult?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Returns the blob as a stream, or null if it does not exist. The caller disposes it.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BlobDownloadStreamingResult?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await _container.GetBlobClient(name).DownloadStreamingAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Lists every blob of the container.</summary>
    /// <exception cref="RequestFailedException">There is no container, or storage can't be reached, or refuses.</exception>
    public IAsyncEnumerable<BlobItem> ListAsync(CancellationToken cancellationToken) => _container.GetBlobsAsync(cancellationToken: cancellationToken);

    /// <summary>Deletes a blob. Returns false if it does not exist.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<bool> DeleteAsync(string name, BlobRequestConditions? conditions, CancellationToken cancellationToken)
        => await _container.DeleteBlobIfExistsAsync(name, conditions: conditions, cancellationToken: cancellationToken);
}
