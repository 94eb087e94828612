using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage.Connections;

namespace Slowlane.Storage.Schema;

/// <summary>Brings the schema up to date with numbered SQL files. Each file is applied once, in its own transaction.</summary>
/// <remarks>The engine's files come first, then those of each assembly in the order of registration.</remarks>
internal sealed partial class Migrator(DatabasePools pools, IEnumerable<MigrationScripts> added, ILogger<Migrator> log)
{
    /// <summary>The engine's own scripts.</summary>
    public static readonly MigrationScripts Engine = new(typeof(Migrator).Assembly);

    /// <summary>How long a session may lock a table whole before the tables count as not ready.</summary>
    private static readonly TimeSpan AlterTime = TimeSpan.FromSeconds(1);

    private readonly List<MigrationScripts> _scripts = [Engine, .. added.GroupBy(scripts => scripts.Key, MigrationScripts.Merged)];
    private ExpectedTables? _expected;
    private string? _reason;
    private Seen? _settings;
    private bool _isSessionChecked;

    /// <summary>Applies the missing files. If none is missing, it only checks that the tables can be used, which needs no right to create any.</summary>
    /// <exception cref="DatabaseNotReadyException">The tables can't be used, or a file can't be applied.</exception>
    public async Task<SchemaState> MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var state = await CheckAsync(cancellationToken);
            if (_settings is { } before && !string.Equals(before.Value, state.Settings, StringComparison.Ordinal))
            {
                pools.Renew(); // The sessions of before have other settings, such as another search path.
                state = await CheckAsync(cancellationToken);
            }

            _settings = new(state.Settings);
            _reason = null;
            if (state.IsReadOnly)
            {
                pools.Renew(); // Once the setting of the database is changed, only a new session has the new one.
            }

            return state;
        }
        catch (DatabaseNotReadyException e)
        {
            pools.Renew(); // What mends it may be a setting too.
            if (!string.Equals(Interlocked.Exchange(ref _reason, e.Message), e.Message, StringComparison.Ordinal))
            {
                NotReady(log, e.Message);
            }

            throw;
        }
    }

    private async Task<SchemaState> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await pools.Engine.OpenConnectionAsync(cancellationToken);
        await CheckSessionAsync(connection, cancellationToken);
        return await MigrateAsync(connection, cancellationToken);
    }

    private async Task<SchemaState> MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var expected = _expected ??= ExpectedTables.Of(_scripts);
        var state = await SchemaQuery.ReadAsync(connection, expected, cancellationToken);
        if (state.Locks.Count > 0)
        {
            await Task.Delay(AlterTime, cancellationToken); // Another process applies migrations, say.
            state = await SchemaQuery.ReadAsync(connection, expected, cancellationToken);
            Require(SchemaRemedy.OfTableLock(state));
        }

        var run = new MigrationRun(connection, _scripts, expected, log);
        if ((await run.MissingAsync(state, cancellationToken)).Count > 0)
        {
            Require(SchemaRemedy.BeforeMigration(state));
            await run.ApplyAsync(cancellationToken);
            await pools.Engine.ReloadTypesAsync(cancellationToken); // Sessions know a type that a script creates only when they ask again.
            state = await SchemaQuery.ReadAsync(connection, expected, cancellationToken);
        }

        Require(SchemaRemedy.AfterMigration(state, _scripts));
        return state;
    }

    private static void Require(string? reason)
    {
        if (reason is not null)
        {
            throw new DatabaseNotReadyException(reason);
        }
    }

    private async Task CheckSessionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_isSessionChecked)
        {
            return;
        }

        foreach (var (name, value, remedy) in await SessionDefaults.FindAsync(connection, cancellationToken))
        {
            Unsuitable(log, name, value, SessionDefaults.Consequence(name), remedy);
        }

        _isSessionChecked = true;
    }

    /// <param name="Value">The settings at the last check.</param>
    private sealed record Seen(string? Value);

    [LoggerMessage(LogLevel.Error, "The database is not ready, and jobs wait: {Reason}")]
    private static partial void NotReady(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The {Setting} of the app's sessions is {Value}: {Consequence}, until this is run: {Remedy}")]
    private static partial void Unsuitable(ILogger log, string setting, string value, string consequence, string remedy);
}
