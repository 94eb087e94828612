using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>A container of blobs, made when it is first written to.</summary>
internal sealed class BlobStore
{
    private readonly BlobContainerClient _container;

    /// <param name="options">Which account.</param>
    /// <param name="name">The container's name.</param>
    /// <param name="patience">How long one try of a call may take; there are three.</param>
    public BlobStore(SlowlaneOptions options, string name, TimeSpan patience)
    {
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = patience;
        _container = options.Storage.Container(name, client);
    }

    /// <summary>Writes a blob, over whatever it held unless that is against the conditions.</summary>
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

    /// <summary>The whole blob, or null when it isn't there.</summary>
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

    /// <summary>The blob as a stream, to be disposed, or null when it isn't there.</summary>
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

    /// <summary>Every blob of the container.</summary>
    /// <exception cref="RequestFailedException">There is no container, or storage can't be reached, or refuses.</exception>
    public IAsyncEnumerable<BlobItem> ListAsync(CancellationToken cancellationToken) => _container.GetBlobsAsync(cancellationToken: cancellationToken);

    /// <summary>Deletes a blob; false when it isn't there.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<bool> DeleteAsync(string name, BlobRequestConditions? conditions, CancellationToken cancellationToken)
        => await _container.DeleteBlobIfExistsAsync(name, conditions: conditions, cancellationToken: cancellationToken);
}
