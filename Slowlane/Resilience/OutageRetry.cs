using Microsoft.Extensions.Logging;

namespace Slowlane.Resilience;

/// <summary>Retries during an outage of the database or of storage, so that the outage does not use up an attempt of the job.</summary>
internal sealed partial class OutageRetry(TimeProvider time, ILogger<OutageRetry> log)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(3);

    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public Task ExecuteAsync(Func<Task> operation, CancellationToken cancellationToken) => ExecuteAsync(
        async () =>
        {
            await operation();
            return true;
        },
        cancellationToken);

    /// <summary>Retries until the service answers or the token fires. A failure that is not an outage is thrown at once.</summary>
    /// <exception cref="OperationCanceledException">The token fired during a delay.</exception>
    public async Task<T> ExecuteAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await operation();
            }
            catch (Exception e) when (Outage.EndsByItself(e))
            {
                var wait = Backoff.After(attempt, First, MaxDelay, Random.Shared.NextDouble());
                Waiting(log, Outage.Describe(e), e.Message, attempt, wait.TotalMilliseconds);
                await Task.Delay(wait, time, cancellationToken);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "{Fault} ({Reason}); try {Attempt}, again in {WaitMs:F0} ms")]
    private static partial void Waiting(ILogger log, string fault, string reason, int attempt, double waitMs);
}
