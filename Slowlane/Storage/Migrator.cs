using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>Brings the schema up to date with numbered SQL files. Each file is applied once, in its own transaction.</summary>
/// <remarks>The engine's files come first, then those of each assembly in the order of registration.</remarks>
internal sealed partial class Migrator(NpgsqlDataSource source, IEnumerable<MigrationScripts> added, ILogger<Migrator> log)
{
    /// <summary>The engine's own scripts.</summary>
    public static readonly MigrationScripts Engine = new(typeof(Migrator).Assembly);

    private const string CreateMigrationTable =
        "create schema if not exists slowlane; create table if not exists slowlane.migration (name text primary key, applied_at timestamptz not null default now())";

    private string? _reason;
    private bool _isSessionChecked;

    /// <summary>Applies the missing files. If none is missing, it only checks that the tables can be used, which needs no right to create any.</summary>
    /// <exception cref="DatabaseNotReadyException">The tables can't be used, or a file can't be applied.</exception>
    public async Task<SchemaState> MigrateAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync(cancellationToken);
            await CheckSessionAsync(connection, cancellationToken);
            var state = await MigrateAsync(connection, cancellationToken);
            _reason = null;
            if (state.IsReadOnly)
            {
                source.Clear(); // Once the setting of the database is changed, only a new session has the new one.
            }

            return state;
        }
        catch (DatabaseNotReadyException e)
        {
            source.Clear(); // What mends it may be a setting too.
            if (!string.Equals(Interlocked.Exchange(ref _reason, e.Message), e.Message, StringComparison.Ordinal))
            {
                NotReady(log, e.Message);
            }

            throw;
        }
    }

    private async Task<SchemaState> MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var state = await SchemaState.ReadAsync(connection, cancellationToken);
        if ((await MissingAsync(connection, state, cancellationToken)).Count > 0)
        {
            Require(SchemaRemedy.BeforeMigration(state));
            await ApplyMissingAsync(connection, cancellationToken);
            await source.ReloadTypesAsync(cancellationToken); // Sessions know a type that a script creates only when they ask again.
            state = await SchemaState.ReadAsync(connection, cancellationToken);
        }

        Require(SchemaRemedy.AfterMigration(state));
        return state;
    }

    private async Task ApplyMissingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var held = await MigrationLock.TakeAsync(connection, cancellationToken);
        var state = await SchemaState.ReadAsync(connection, cancellationToken);
        if (!state.HasMigrationTable)
        {
            await ApplyAsync(connection, SchemaObjects.MigrationTable, state, () => ExecuteAsync(connection, CreateMigrationTable, cancellationToken));
            state = await SchemaState.ReadAsync(connection, cancellationToken);
        }

        foreach (var (name, scripts) in await MissingAsync(connection, state, cancellationToken))
        {
            await ApplyAsync(connection, name, state, () => ApplyAsync(connection, name, scripts, cancellationToken));
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, string name, SchemaState state, Func<Task> apply)
    {
        try
        {
            await apply();
        }
        catch (PostgresException e) when (connection.State == ConnectionState.Open)
        {
            throw new DatabaseNotReadyException(SchemaRemedy.OfMigration(name, e, state), e);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, string name, MigrationScripts scripts, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, await scripts.ReadAsync(name, cancellationToken), cancellationToken);
        await using var insert = new NpgsqlCommand("insert into slowlane.migration (name) values ($1)", connection, transaction) { Parameters = { new() { Value = name } } };
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Applied(log, name);
    }

    private async Task<IReadOnlyList<(string Name, MigrationScripts Scripts)>> MissingAsync(NpgsqlConnection connection, SchemaState state, CancellationToken cancellationToken)
    {
        var applied = state.HasMigrations ? await AppliedAsync(connection, cancellationToken) : [];
        return [.. added.Distinct().Prepend(Engine).SelectMany(scripts => scripts.Names.Select(name => (name, scripts))).Where(script => !applied.Contains(script.name))];
    }

    private static async Task<HashSet<string>> AppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name from slowlane.migration", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
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
            (string.Equals(name, "idle_session_timeout", StringComparison.Ordinal) ? IdleSessionsEnd : (Action<ILogger, string, string>)WrongIsolation)(log, value, remedy);
        }

        _isSessionChecked = true;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is a constant above or an embedded migration.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "The database is not ready, and jobs wait: {Reason}")]
    private static partial void NotReady(ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The default_transaction_isolation of the app's sessions is {Value}, not read committed; some of the app's statements fail where two of them meet (40001), until this is run: {Remedy}")]
    private static partial void WrongIsolation(ILogger log, string value, string remedy);

    [LoggerMessage(LogLevel.Warning, "The idle_session_timeout of the app's sessions is {Value}; the server ends them in the pool, and jobs and requests wait for new ones, until this is run: {Remedy}")]
    private static partial void IdleSessionsEnd(ILogger log, string value, string remedy);

    [LoggerMessage(LogLevel.Information, "Applied migration {Name}")]
    private static partial void Applied(ILogger log, string name);
}
