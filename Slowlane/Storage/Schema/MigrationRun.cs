using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>Applies scripts on one connection: each once, in its own transaction.</summary>
/// <param name="connection">An open connection.</param>
/// <param name="all">The scripts, in their order.</param>
/// <param name="expected">What the database should have once they are applied.</param>
/// <param name="log">Says what is applied.</param>
internal sealed partial class MigrationRun(NpgsqlConnection connection, IReadOnlyList<MigrationScripts> all, ExpectedTables expected, ILogger log)
{
    private const string CreateMigrationTable =
        "create schema if not exists slowlane; create table if not exists slowlane.migration (name text primary key, applied_at timestamptz not null default now())";

    /// <summary>The scripts that are not recorded as applied.</summary>
    public async Task<IReadOnlyList<(string Name, MigrationScripts Scripts)>> MissingAsync(SchemaState state, CancellationToken cancellationToken)
    {
        var applied = state.HasMigrations ? await AppliedAsync(cancellationToken) : [];
        return [.. all.SelectMany(scripts => scripts.Names.Select(name => (name, scripts))).Where(script => !applied.Contains(script.name))];
    }

    /// <summary>Applies the missing scripts, while no other process does.</summary>
    /// <exception cref="DatabaseNotReadyException">A script can't be applied, or another session holds the lock.</exception>
    public async Task ApplyAsync(CancellationToken cancellationToken)
    {
        await using var migrationLock = await MigrationLock.TakeAsync(connection, cancellationToken);
        var state = await SchemaQuery.ReadAsync(connection, expected, cancellationToken);
        if (!state.HasMigrationTable)
        {
            await ExplainAsync(SchemaObjects.MigrationTable, state, () => ExecuteAsync(CreateMigrationTable, cancellationToken));
            state = await SchemaQuery.ReadAsync(connection, expected, cancellationToken);
        }

        foreach (var (name, scripts) in await MissingAsync(state, cancellationToken))
        {
            await ExplainAsync(name, state, () => ApplyAsync(name, scripts, cancellationToken));
        }
    }

    private async Task ExplainAsync(string name, SchemaState state, Func<Task> apply)
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

    private async Task ApplyAsync(string name, MigrationScripts scripts, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(await scripts.ReadAsync(name, cancellationToken), cancellationToken);
        await using var insert = new NpgsqlCommand("insert into slowlane.migration (name) values ($1)", connection, transaction) { Parameters = { new() { Value = name } } };
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Applied(log, name);
    }

    private async Task<HashSet<string>> AppliedAsync(CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await using var command = new NpgsqlCommand("select name from slowlane.migration", connection) { CommandTimeout = Database.MaxStatementSeconds };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is a constant above or an embedded migration.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Information, "Applied migration {Name}")]
    private static partial void Applied(ILogger log, string name);
}
