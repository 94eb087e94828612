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

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _close = new();
    private readonly CancellationToken _closing;
    private readonly NpgsqlDataSource _source;
    private readonly Migrator _migrator;
    private volatile bool _migrated;
    private Task? _attempt;

    public Database(NpgsqlDataSource source, Migrator migrator)
    {
        _source = source;
        _migrator = migrator;
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

    /// <summary>Returns once the schema is up to date. Later calls cost nothing.</summary>
    /// <remarks>
    /// Callers share a migration attempt that is under way. So with a database that does not answer, no caller waits for several
    /// attempts in turn.
    /// </remarks>
    public async ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        if (!_migrated)
        {
            await Attempt().WaitAsync(cancellationToken);
            _migrated = true;
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

    /// <summary>Whether the server answers a statement of the engine's now.</summary>
    public async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = Command("select 1");
            await command.ExecuteNonQueryAsync(cancellationToken);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _close.Cancel();
        _close.Dispose();
    }

    // The attempt has no caller's token, because all callers share it.
    private Task Attempt()
    {
        lock (_gate)
        {
            return _attempt is { IsCompleted: false } or { IsCompletedSuccessfully: true } ? _attempt : _attempt = Task.Run(() => _migrator.MigrateAsync(_closing), _closing);
        }
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
