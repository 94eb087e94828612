using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace Slowlane.Storage;

/// <summary>A container of blobs, made when it is first written to.</summary>
internal sealed class BlobStore
{
    private readonly BlobContainerClient _container;

    public BlobStore(SlowlaneOptions options, string name)
    {
        var client = new BlobClientOptions();
        client.Retry.MaxRetries = 2;
        client.Retry.Delay = TimeSpan.FromMilliseconds(100);
        client.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        _container = new BlobContainerClient(options.Storage, name, client);
    }

    /// <summary>Writes a blob, over whatever it held.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task WriteAsync(string name, BinaryData content, CancellationToken cancellationToken)
    {
        var blob = _container.GetBlobClient(name);
        try
        {
            await blob.UploadAsync(content, overwrite: true, cancellationToken);
        }
        catch (RequestFailedException e) when (e.ErrorCode == BlobErrorCode.ContainerNotFound)
        {
            await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            await blob.UploadAsync(content, overwrite: true, cancellationToken);
        }
    }

    /// <summary>The whole blob, or null when it isn't there.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<BinaryData?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var blob = await _container.GetBlobClient(name).DownloadContentAsync(cancellationToken);
            return blob.Value.Content;
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

    /// <summary>Deletes a blob, if it is there.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken)
        => _container.DeleteBlobIfExistsAsync(name, cancellationToken: cancellationToken);
}
