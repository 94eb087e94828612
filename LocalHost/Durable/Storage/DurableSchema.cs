using System.Globalization;
using System.Reflection;
using Npgsql;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>Makes the schema from numbered SQL files, each once. Processes that start together take turns.</summary>
internal static class DurableSchema
{
    private const string Prefix = "Slowlane.Durable.";

    // Any number that nothing else in the database locks: "durable" in ASCII.
    private const long LockKey = 0x64757261626c65;

    public static async Task EnsureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync($"select pg_advisory_xact_lock({LockKey.ToString(CultureInfo.InvariantCulture)})", [], cancellationToken);
        await connection.ExecuteAsync(
            "create schema if not exists slowlane_durable; create table if not exists slowlane_durable.migration (name text primary key, applied_at timestamptz not null default now())",
            [],
            cancellationToken);
        var applied = await connection.ReadAsync("select name from slowlane_durable.migration", [], static row => row.GetString(0), cancellationToken);
        foreach (var file in Files().Except(applied, StringComparer.Ordinal))
        {
            await connection.ExecuteAsync(await ReadAsync(file, cancellationToken), [], cancellationToken);
            await connection.ExecuteAsync("insert into slowlane_durable.migration (name) values ($1)", [Sql.Text(file)], cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static IEnumerable<string> Files() => Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(static name => name[Prefix.Length..^".sql".Length])
        .Order(StringComparer.Ordinal);

    private static async Task<string> ReadAsync(string file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"{Prefix}{file}.sql")!);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
