using System.Diagnostics;
using Npgsql;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;

namespace Slowlane.Storage;

/// <summary>The database with its schema in place. The app starts without the database, because submitting needs only the queue.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>
    /// The time limit of a statement on the app's own tables, in seconds. Such a statement takes milliseconds; after the limit
    /// the server counts as lost.
    /// </summary>
    public const int MaxStatementSeconds = 30;

    /// <summary>How long the schema counts as checked. An operator may replace the database or revoke rights while the app runs.</summary>
    private static readonly TimeSpan CheckedFor = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _close = new();
    private readonly CancellationToken _closing;
    private readonly DatabasePools _pools;
    private readonly Migrator _migrator;
    private readonly TimeProvider _time;
    private long _checkedAt;
    private volatile bool _isChecked;
    private Task<SchemaState>? _check;

    public Database(DatabasePools pools, Migrator migrator, TimeProvider time)
    {
        _pools = pools;
        _migrator = migrator;
        _time = time;
        _closing = _close.Token;
    }

    /// <summary>A database whose jobs share the engine's connections, for work that has no jobs beside it.</summary>
    public Database(NpgsqlDataSource source, Migrator migrator, TimeProvider time)
        : this(new DatabasePools(source, source), migrator, time)
    {
    }

    /// <summary>Connections for transactions of the engine. No fetch or computation of a job takes one.</summary>
    public NpgsqlDataSource Source => _pools.Engine;

    /// <summary>
    /// Connections for job types, which bring their own SQL. Their statements have no time limit, because the job's lease governs
    /// them.
    /// </summary>
    public NpgsqlDataSource Jobs => _pools.Jobs;

    /// <summary>Creates the source of the engine's connections from the settings.</summary>
    public static NpgsqlDataSource Open(SlowlaneOptions options) => Build(options, ConnectionSettings.ForEngine(options));

    /// <summary>Creates the source of the connections of job types.</summary>
    public static NpgsqlDataSource OpenForJobs(SlowlaneOptions options) => Build(options, ConnectionSettings.ForJobs(options));

    /// <summary>Creates a source for a connection that only listens.</summary>
    public static NpgsqlDataSource OpenForListening(SlowlaneOptions options) => Build(options, ConnectionSettings.ForListening(options), loadsTypes: false);

    /// <summary>Returns once the schema is up to date. After a check, further calls cost nothing for 5 s.</summary>
    /// <exception cref="DatabaseNotReadyException">The tables can't be used.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken)
        => _isChecked && _time.GetElapsedTime(Interlocked.Read(ref _checkedAt)) < CheckedFor ? ValueTask.CompletedTask : new(CheckAsync(cancellationToken));

    /// <summary>Checks the schema now, and brings it up to date.</summary>
    /// <remarks>
    /// Callers share a check that is under way. So with a database that does not answer, no caller waits for several checks in turn.
    /// </remarks>
    /// <exception cref="DatabaseNotReadyException">The tables can't be used.</exception>
    public Task<SchemaState> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // The check has no caller's token, because all callers share it.
            _check = _check is { IsCompleted: false } ? _check : Task.Run(CheckAsync, _closing);
            return _check.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Runs statements on the engine's tables once the schema is up to date. They may run twice: a stale session of the pool costs no failure.
    /// </summary>
    /// <exception cref="DatabaseNotReadyException">The tables can't be used.</exception>
    public async Task<T> RunRepeatableAsync<T>(Func<Task<T>> statements, CancellationToken cancellationToken)
    {
        await ReadyAsync(cancellationToken);
        return await StaleSession.RepeatAsync(Source, statements);
    }

    /// <summary>Creates a command on a pooled connection of the engine. Its parameters are numbered from $1.</summary>
    /// <remarks>A batch of one, because an error of a command with such parameters has no statement, which <see cref="EngineStatement"/> reads.</remarks>
    public NpgsqlBatch Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var batch = Source.CreateBatch();
        batch.Timeout = MaxStatementSeconds;
        batch.BatchCommands.Add(Statement.Of(sql, parameters));
        return batch;
    }

    public void Dispose()
    {
        _close.Cancel();
        _close.Dispose();
    }

    private async Task<SchemaState> CheckAsync()
    {
        _isChecked = false;
        var state = await StaleSession.RepeatAsync(Source, () => _migrator.MigrateAsync(_closing));
        Interlocked.Exchange(ref _checkedAt, _time.GetTimestamp());
        _isChecked = true;
        return state;
    }

    private static NpgsqlDataSource Build(SlowlaneOptions options, NpgsqlConnectionStringBuilder settings, bool loadsTypes = true)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (!loadsTypes)
        {
            builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false)); // Npgsql loads them by a query; a connection that only listens reads no value.
        }

        options.DatabaseIdentity?.ApplyTo(builder);

        // Background queries, some of them twice a second, would each start a trace of their own.
        builder.ConfigureTracing(traces => traces
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null));
        return SeveralHosts.Build(builder);
    }
}
