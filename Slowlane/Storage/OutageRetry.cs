using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>Retries during an outage of the database or of storage, so that the outage does not use up an attempt of the job.</summary>
internal sealed partial class OutageRetry(DatabaseProbe database, TimeProvider time, ILogger<OutageRetry> log)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(3);

    /// <summary>A statement that is refused this often in a row while the app can write its tables is refused for its own rows.</summary>
    private const int MaxRefusals = 5;

    /// <inheritdoc cref="ExecuteAsync{T}"/>
    public Task ExecuteAsync(Func<Task> operation, CancellationToken cancellationToken) => ExecuteAsync(
        async () =>
        {
            await operation();
            return true;
        },
        cancellationToken);

    /// <summary>Retries until the service answers or the token fires. A failure that is not an outage is thrown at once.</summary>
    /// <remarks>
    /// An error does not always tell whose it is: a deferred trigger of others on the engine's tables fails the commit, which job types share; a column
    /// whose type was changed can't be read. While the app can't write its tables, such an error counts as an outage.
    /// </remarks>
    /// <exception cref="OperationCanceledException">The token fired during a delay.</exception>
    public async Task<T> ExecuteAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            Exception outage;
            try
            {
                return await operation();
            }
            catch (Exception e) when (Outage.EndsByItself(e))
            {
                database.Learn(e);
                outage = e;
            }
            catch (Exception e) when (!Outage.Is(e) && (e is InvalidCastException || (e is PostgresException error && EngineStatement.MayBeMeant(error))))
            {
                database.Learn(e);
                if (await database.AskAnewAsync(cancellationToken) is not { Writes: false, Reason: { } reason })
                {
                    throw;
                }

                outage = new DatabaseNotReadyException(reason, e);
            }

            var wait = Backoff.After(attempt, First, MaxDelay, Random.Shared.NextDouble());
            Waiting(log, Outage.Describe(outage), outage.Message, attempt, wait.TotalMilliseconds);
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>As <see cref="ExecuteAsync{T}"/>, but gives up where a statement of the engine's is refused for its own rows.</summary>
    /// <exception cref="StatementRefusedException">The database refuses the statement, and takes others.</exception>
    public Task<T> ExecuteUnlessRefusedAsync<T>(Func<Task<T>> operation, CancellationToken cancellationToken)
    {
        var refusals = 0;
        return ExecuteAsync(
            async () =>
            {
                try
                {
                    return await operation();
                }
                catch (Exception e) when (e is RowDroppedException || (e is PostgresException error && EngineStatement.IsRefused(error) && SqlState.Judge(error.SqlState) is SqlVerdict.Job))
                {
                    refusals = (await database.AskAnewAsync(cancellationToken)).Writes ? refusals + 1 : 0;
                    if (refusals < MaxRefusals)
                    {
                        throw;
                    }

                    throw new StatementRefusedException(e);
                }
            },
            cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "{Fault} ({Reason}); try {Attempt}, again in {WaitMs:F0} ms")]
    private static partial void Waiting(ILogger log, string fault, string reason, int attempt, double waitMs);
}
