using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Stores results that are too large for a row.</summary>
/// <remarks>
/// A blob is written before its row, so a row never names a missing blob. A refused attempt deletes its blob if it can. A
/// lifecycle rule on the container removes the rest (docs/security.md).
/// </remarks>
internal sealed partial class ResultBlobs(SlowlaneOptions options, ILogger<ResultBlobs> log)
{
    public const string Container = "slowlane-results";

    /// <summary>
    /// The maximum size in bytes of a result in its row. A profile of a hundred columns has about 100 KiB. The database reads a
    /// row of this size in one piece in a few milliseconds. A larger one would fill the database's log and backups, and the
    /// memory of the process that answers for it.
    /// </summary>
    public const int MaxInRow = 256 * 1024;

    private readonly BlobStore _blobs = new(options, Container, TimeSpan.FromSeconds(10));

    /// <summary>
    /// Stores a result that is too large for its row and returns the blob's name. Returns null for a smaller result. The call may
    /// be repeated.
    /// </summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<string?> StoreLargeAsync(Claim claim, string json, CancellationToken cancellationToken)
    {
        if (json.Length <= MaxInRow / 3 || Encoding.UTF8.GetByteCount(json) <= MaxInRow) // A UTF-16 unit has at most three bytes.
        {
            return null;
        }

        // The fencing token is part of the name, so a worker that lost the lease never overwrites another attempt's result.
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{claim.Id}-{claim.Fence}.json");
        await _blobs.WriteAsync(name, new BinaryData(json), conditions: null, cancellationToken);
        return name;
    }

    /// <summary>Returns the result as a stream, or null if it does not exist. The caller disposes it.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task<BlobDownloadStreamingResult?> OpenAsync(string name, CancellationToken cancellationToken) => _blobs.OpenAsync(name, cancellationToken);

    /// <summary>Returns the bytes of the result, or null if it does not exist.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => (await _blobs.ReadAsync(name, cancellationToken))?.Content.ToArray();

    /// <summary>Deletes a result, if it exists.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _blobs.DeleteAsync(name, conditions: null, cancellationToken);

    /// <summary>
    /// Deletes a result that no row will name, if storage answers. Only for results whose transaction is known not to be
    /// committed.
    /// </summary>
    public async Task DiscardAsync(string? name, CancellationToken cancellationToken)
    {
        try
        {
            await (name is null ? Task.CompletedTask : DeleteAsync(name, cancellationToken));
        }
        catch (Exception e) when (e is OperationCanceledException || Outage.IsOfService(e))
        {
            Left(log, name!, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "The blob {Name}, a result that was not written, is left behind: {Reason}")]
    private static partial void Left(ILogger log, string name, string reason);
}
