using Azure;
using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>Deletes the records of expired idempotency keys. The records do no harm; the deletion only limits their number.</summary>
internal sealed partial class KeyExpiry(IdempotencyStore keys, ILogger<KeyExpiry> log)
{
    /// <summary>The maximum of records that one run deletes. The next run continues.</summary>
    private const int Batch = 50_000;

    private const int AtOnce = 16;

    /// <summary>Deletes expired records once.</summary>
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
            // There is no container, because no key was ever used.
        }
        catch (Exception e) when (Outage.Is(e))
        {
            Postponed(log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deleting expired idempotency keys is postponed: {Reason}")]
    private static partial void Postponed(ILogger log, string reason);
}
