using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>The database with its schema in place. The app starts without the database, because submitting needs only the queue.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>
    /// The time limit of a statement on the app's own tables, in seconds. Such a statement takes milliseconds; after the limit
    /// the server counts as lost.
    /// </summary>
    public const int LongestStatement = 30;

    /// <summary>How long the schema counts as checked. An operator may replace the database or revoke rights while the app runs.</summary>
    private static readonly TimeSpan CheckedFor = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _close = new();
    private readonly CancellationToken _closing;
    private readonly NpgsqlDataSource _source;
    private readonly Migrator _migrator;
    private readonly TimeProvider _time;
    private long _checkedAt;
    private volatile bool _isChecked;
    private Task<SchemaState>? _check;

    public Database(NpgsqlDataSource source, Migrator migrator, TimeProvider time)
    {
        _source = source;
        _migrator = migrator;
        _time = time;
        _closing = _close.Token;
    }

    /// <summary>
    /// Connections for job types, which bring their own SQL. Their statements have no time limit, because the job's lease governs
    /// them.
    /// </summary>
    public NpgsqlDataSource Source => _source;

    /// <summary>Creates the connection source from the settings.</summary>
    public static NpgsqlDataSource Open(SlowlaneOptions options) => Build(options, Settings(options));

    /// <summary>
    /// Creates a source for a connection that only listens. The connection is not pooled, and a keep-alive checks it when it is
    /// silent.
    /// </summary>
    public static NpgsqlDataSource OpenForListening(SlowlaneOptions options)
    {
        var builder = Settings(options);
        (builder.Pooling, builder.KeepAlive) = (false, 15);
        return Build(options, builder);
    }

    /// <summary>Returns once the schema is up to date. After a check, further calls cost nothing for 5 s.</summary>
    /// <exception cref="Resilience.DatabaseNotReadyException">The tables can't be used.</exception>
    public ValueTask ReadyAsync(CancellationToken cancellationToken)
        => _isChecked && _time.GetElapsedTime(Interlocked.Read(ref _checkedAt)) < CheckedFor ? ValueTask.CompletedTask : new(CheckAsync(cancellationToken));

    /// <summary>Checks the schema now, and brings it up to date.</summary>
    /// <remarks>
    /// Callers share a check that is under way. So with a database that does not answer, no caller waits for several checks in turn.
    /// </remarks>
    /// <exception cref="Resilience.DatabaseNotReadyException">The tables can't be used.</exception>
    public Task<SchemaState> CheckAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            // The check has no caller's token, because all callers share it.
            _check = _check is { IsCompleted: false } ? _check : Task.Run(CheckAsync, _closing);
            return _check.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Creates a command on a pooled connection. Its parameters are numbered from $1.</summary>
    public NpgsqlCommand Command(string sql, params ReadOnlySpan<object?> parameters)
    {
        var command = _source.CreateCommand(sql);
        command.CommandTimeout = LongestStatement;
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = parameter ?? DBNull.Value });
        }

        return command;
    }

    public void Dispose()
    {
        _close.Cancel();
        _close.Dispose();
    }

    private async Task<SchemaState> CheckAsync()
    {
        _isChecked = false;
        var state = await _migrator.MigrateAsync(_closing);
        Interlocked.Exchange(ref _checkedAt, _time.GetTimestamp());
        _isChecked = true;
        return state;
    }

    private static NpgsqlDataSource Build(SlowlaneOptions options, NpgsqlConnectionStringBuilder settings)
    {
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        options.DatabaseIdentity?.ApplyTo(builder);

        // Background queries, some of them twice a second, would each start a trace of their own.
        builder.ConfigureTracing(traces => traces
            .ConfigureCommandFilter(_ => Activity.Current is not null)
            .ConfigureBatchFilter(_ => Activity.Current is not null));
        return builder.Build();
    }

    private static NpgsqlConnectionStringBuilder Settings(SlowlaneOptions options)
    {
        var given = new DbConnectionStringBuilder { ConnectionString = options.Database };
        var builder = new NpgsqlConnectionStringBuilder(options.Database) { CommandTimeout = 0 };
        builder.ApplicationName ??= "slowlane";
        builder.IncludeFailedBatchedCommand = true; // Outage distinguishes the engine's own statements from those of job types.

        // A job type's connection has another role (JobRole). The pool must reset it before its next use, and no other command may use it until then.
        (builder.NoResetOnClose, builder.Multiplexing) = (false, false);
        if (!given.ContainsKey("Timeout")) // Npgsql's own builder contains every keyword it knows.
        {
            builder.Timeout = 5; // Seconds to connect: a status request should not wait for Npgsql's 15.
        }

        // The app's statements are few and always the same, and planning them costs the server more than running them. After five
        // uses a session keeps a statement prepared, also through the pool's reset.
        if (!given.ContainsKey("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 40;
        }

        if (!given.ContainsKey("Read Buffer Size"))
        {
            builder.ReadBufferSize = 64 * 1024; // A profile reads much data: with Npgsql's 8 KB, fetching took two thirds more processor time.
        }

        // Without a time limit on statements, TCP keep-alive must detect a dead connection: after 30 s and a few unanswered probes.
        if (!given.ContainsKey("Tcp Keepalive Time"))
        {
            (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (true, 30, 5);
        }

        return builder;
    }
}
