using System.Text;
using Azure;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Results that are too large for a row.</summary>
/// <remarks>
/// A blob is written before the row that names it, so a row never names what isn't there. An attempt that is refused
/// afterwards deletes its blob if it can; a lifecycle rule on the container removes the rest (docs/security.md).
/// </remarks>
internal sealed partial class ResultBlobs(SlowlaneOptions options, ILogger<ResultBlobs> log)
{
    public const string Container = "slowlane-results";

    /// <summary>
    /// The most bytes a result may have in its row. A profile of a hundred columns has about 100 KiB. Up to here a row
    /// is read in one piece in a few milliseconds; beyond, it would fill the database's log and backups, and the memory of whoever answers for it.
    /// </summary>
    public const int MaxInRow = 256 * 1024;

    private readonly BlobStore _blobs = new(options, Container, TimeSpan.FromSeconds(10));

    /// <summary>Stores a result that is too large for its row and returns its name; null when it isn't. Storing it twice is storing it once.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task<string?> StoreLargeAsync(Claim claim, string json, CancellationToken cancellationToken)
    {
        if (json.Length <= MaxInRow / 3 || Encoding.UTF8.GetByteCount(json) <= MaxInRow) // At most three bytes a UTF-16 unit.
        {
            return null;
        }

        // The fencing token in its name: who lost the lease writes over nobody's result.
        var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{claim.Id}-{claim.Fence}.json");
        await _blobs.WriteAsync(name, new BinaryData(json), conditions: null, cancellationToken);
        return name;
    }

    /// <summary>The result as a stream, to be disposed, or null when it isn't there.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task<BlobDownloadStreamingResult?> OpenAsync(string name, CancellationToken cancellationToken) => _blobs.OpenAsync(name, cancellationToken);

    /// <summary>Deletes a result, if it is there.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task DeleteAsync(string name, CancellationToken cancellationToken) => _blobs.DeleteAsync(name, conditions: null, cancellationToken);

    /// <summary>Deletes what no row will name, if it can. Only for results whose transaction is known not to be committed.</summary>
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
