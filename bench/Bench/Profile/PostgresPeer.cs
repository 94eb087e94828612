using System.Diagnostics;
using Npgsql;
using Slowlane.Bench.Facts;

namespace Slowlane.Bench.Profile;

/// <summary>PostgreSQL computing the same figures itself, with the settings it comes with.</summary>
internal static class PostgresPeer
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>All columns in one statement.</summary>
    public const string Whole = "one statement";

    /// <summary>A statement for each column, one after the other.</summary>
    public const string ByColumn = "a statement a column";

    /// <summary>Runs the statements on a connection of their own, whose process is then known from the others.</summary>
    public static async Task<PostgresRun> RunAsync(string database, string form, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        var backend = connection.ProcessID;
        var figures = new Dictionary<string, string>(StringComparer.Ordinal);
        var clock = Stopwatch.StartNew();
        foreach (var columns in string.Equals(form, Whole, StringComparison.Ordinal) ? [WideTable.Columns] : WideTable.Columns.Select(column => (IReadOnlyList<WideColumn>)[column]))
        {
            await ReadAsync(SqlText.Of([.. columns]), connection, figures, cancellationToken);
        }

        return new PostgresRun(form, clock.Elapsed.TotalSeconds, ProcessTree.PeakMemory(backend) / Mebibyte, ProcessTree.Find(backend)!.Value.Time.TotalSeconds, figures);
    }

#pragma warning disable CA2100 // Made of this bench's own column names.
    private static async Task ReadAsync(string sql, NpgsqlConnection connection, Dictionary<string, string> figures, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, AllResultTypesAreUnknown = true };
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        for (var i = 0; i < reader.FieldCount; i++)
        {
            figures[reader.GetName(i)] = reader.GetString(i);
        }
    }
}
