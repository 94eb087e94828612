using Azure;
using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>Deletes the records of idempotency keys that are free again. They do no harm; this is only for their number.</summary>
internal sealed partial class KeyExpiry(IdempotencyStore keys, ILogger<KeyExpiry> log)
{
    /// <summary>One run deletes this many at most; the next run goes on.</summary>
    private const int Batch = 50_000;

    private const int AtOnce = 16;

    /// <summary>One run.</summary>
    public async Task ExpireAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Parallel.ForEachAsync(
                keys.ExpiredAsync(cancellationToken).Take(Batch),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
                async (key, token) => await keys.DeleteAsync(key, token));
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            // No container: no key was ever used.
        }
        catch (Exception e) when (Outage.Is(e))
        {
            Postponed(log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deleting expired idempotency keys is postponed: {Reason}")]
    private static partial void Postponed(ILogger log, string reason);
}
