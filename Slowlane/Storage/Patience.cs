using Microsoft.Extensions.Logging;
using Slowlane.Running;

namespace Slowlane.Storage;

/// <summary>Waits an outage of the database or of storage out, instead of charging it to the job.</summary>
internal sealed partial class Patience(TimeProvider time, ILogger<Patience> log)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    /// <inheritdoc cref="WaitOutAsync{T}"/>
    public Task WaitOutAsync(Func<Task> operation, CancellationToken giveUp) => WaitOutAsync(
        async () =>
        {
            await operation();
            return true;
        },
        giveUp);

    /// <summary>Tries until the service answers or the token fires; a statement that fails for another reason throws at once.</summary>
    /// <exception cref="OperationCanceledException">The token fired while waiting.</exception>
    public async Task<T> WaitOutAsync<T>(Func<Task<T>> operation, CancellationToken giveUp)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation();
            }
            catch (Exception e) when (Outage.Is(e))
            {
                var wait = Backoff.After(attempt, First, Longest, Random.Shared.NextDouble());
                Waiting(log, Outage.OfDatabase(e) ? "database" : "storage account", e.Message, attempt, wait.TotalMilliseconds);
                await Task.Delay(wait, time, giveUp);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The {Service} can't be reached ({Reason}); try {Attempt}, again in {WaitMs:F0} ms")]
    private static partial void Waiting(ILogger log, string service, string reason, int attempt, double waitMs);
}
