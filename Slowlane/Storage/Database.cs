using System.Data.Common;
using System.Diagnostics;
using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>The database with its schema in place. The app starts without it: submitting needs only the queue.</summary>
internal sealed class Database : IDisposable
{
    /// <summary>What the app asks of its own tables takes milliseconds; after this, in seconds, the server is taken for lost.</summary>
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

    /// <summary>Connections for job types, which bring their own SQL. It may take as long as it needs: the job's lease governs it.</summary>
    public NpgsqlDataSource Source => _source;

    /// <summary>Makes the connections' source from the settings.</summary>
    public static NpgsqlDataSource Open(SlowlaneOptions options) => Build(options, Settings(options));

    /// <summary>A source for a connection that only listens: none of the pool's, and asked for a sign of life when it is silent.</summary>
    public static NpgsqlDataSource OpenForListening(SlowlaneOptions options)
    {
        var builder = Settings(options);
        (builder.Pooling, builder.KeepAlive) = (false, 15);
        return Build(options, builder);
    }

    /// <summary>Returns once the schema is up to date; costs nothing from then on.</summary>
    /// <remarks>Who comes while an attempt is under way shares its end: with a database that doesn't answer, nobody waits for the others' attempts too.</remarks>
    public async ValueTask ReadyAsync(CancellationToken cancellationToken)
    {
        if (!_migrated)
        {
            await Attempt().WaitAsync(cancellationToken);
            _migrated = true;
        }
    }

    /// <summary>A command on a pooled connection, its parameters numbered from $1.</summary>
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

    // Not under a caller's token, as it is everybody's.
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

        // What is asked in the background, twice a second perhaps, would be a trace of its own each time.
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

        // A job type's connection has another role (JobRole): it must be reset before anybody else uses it, and be used by nobody else until then.
        (builder.NoResetOnClose, builder.Multiplexing) = (false, false);
        if (!given.ContainsKey("Timeout")) // Npgsql's own builder says yes to every keyword it knows.
        {
            builder.Timeout = 5; // Seconds to connect: a caller who asks for a status should not wait for 15.
        }

        // The app's statements are few and always the same: to plan them costs the server more than to run them. A statement that
        // a session has seen five times is kept in it, through the pool's reset as well.
        if (!given.ContainsKey("Max Auto Prepare"))
        {
            builder.MaxAutoPrepare = 40;
        }

        if (!given.ContainsKey("Read Buffer Size"))
        {
            builder.ReadBufferSize = 64 * 1024; // A profile reads much: with Npgsql's 8 KB, fetching took two thirds more processor time.
        }

        // Without a time limit on statements, a line that went dead must be noticed by itself: after 30 s and a few unanswered probes.
        if (!given.ContainsKey("Tcp Keepalive Time"))
        {
            (builder.TcpKeepAlive, builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (true, 30, 5);
        }

        return builder;
    }
}
