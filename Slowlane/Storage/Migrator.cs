using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Brings the schema up to date with numbered SQL files. Each file is applied once, in its own transaction.</summary>
/// <remarks>The engine's files come first, then those of each assembly in the order of registration.</remarks>
internal sealed partial class Migrator(NpgsqlDataSource source, IEnumerable<MigrationScripts> added, ILogger<Migrator> log)
{
    /// <summary>The engine's own scripts.</summary>
    public static readonly MigrationScripts Engine = new(typeof(Migrator).Assembly);

    // The number only has to be unused in the database by anything else. It is "slowlane" in ASCII.
    private const long LockKey = 0x736c6f776c616e65;

    /// <summary>Applies the missing files. Processes that start at the same time take turns under an advisory lock.</summary>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey.ToString(CultureInfo.InvariantCulture)})", cancellationToken);
        try
        {
            await ExecuteAsync(connection, "create schema if not exists slowlane; create table if not exists slowlane.migration (name text primary key, applied_at timestamptz not null default now())", cancellationToken);
            var applied = await AppliedAsync(connection, cancellationToken);
            foreach (var (name, scripts) in Scripts().Where(script => !applied.Contains(script.Name)))
            {
                await ApplyAsync(connection, name, await scripts.ReadAsync(name, cancellationToken), cancellationToken);
            }
        }
        finally
        {
            // A broken connection has already lost the lock. The pool would keep an intact connection together with its lock.
            if (connection.State == System.Data.ConnectionState.Open)
            {
                await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey.ToString(CultureInfo.InvariantCulture)})", CancellationToken.None);
            }
        }
    }

    private IEnumerable<(string Name, MigrationScripts Scripts)> Scripts()
        => added.Distinct().Prepend(Engine).SelectMany(scripts => scripts.Names.Select(name => (name, scripts)));

    private async Task ApplyAsync(NpgsqlConnection connection, string name, string sql, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await ExecuteAsync(connection, sql, cancellationToken);
        }
        catch (PostgresException e)
        {
            Failed(log, name, e.MessageText);
            throw;
        }

        await using var insert = new NpgsqlCommand("insert into slowlane.migration (name) values ($1)", connection, transaction) { Parameters = { new() { Value = name } } };
        await insert.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Applied(log, name);
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

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is a constant above or an embedded migration.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(LogLevel.Error, "Migration {Name} can't be applied: {Reason}")]
    private static partial void Failed(ILogger log, string name, string reason);

    [LoggerMessage(LogLevel.Information, "Applied migration {Name}")]
    private static partial void Applied(ILogger log, string name);
}
