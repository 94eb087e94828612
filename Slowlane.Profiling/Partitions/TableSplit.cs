using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Partitions;

/// <summary>Splits a table into ranges of blocks, and protects it from being rewritten until the caller's transaction ends.</summary>
internal static class TableSplit
{
    /// <exception cref="JobException">The table or a column does not exist, or it can't be read.</exception>
    public static async Task<IReadOnlyList<string>> OfAsync(ProfileInput input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var reading = new TableReading(input, connection);
        return await reading.ExplainAsync(() => SplitAsync(reading, partitions, connection, cancellationToken), cancellationToken);
    }

    private static async Task<IReadOnlyList<string>> SplitAsync(TableReading reading, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var source = await reading.BeginAsync(cancellationToken);
        await HoldAsync(source, connection, cancellationToken);
        await TableRewrites.RequireNoneAsync(source, connection, cancellationToken);
        var ranges = BlockRange.Split(
            await BlocksAsync(source, connection, cancellationToken), Math.Min(partitions, ProfileBudget.MostPartitions(source.Columns.Count)));
        return [.. ranges.Select(range => range.ToString())];
    }

    // A command that rewrites the table (VACUUM FULL, TRUNCATE, ALTER) would move rows from one range to another between two partitions. It
    // waits for all readers. This statement is a reader: it needs the rights to read but reads no row.
    private static async Task HoldAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var chunk in TableReader.CopyAsync(source, TableSelect.Of(source, limit: 0), connection, cancellationToken))
        {
            chunk.Release();
        }
    }

    // Zero if ranges of blocks mean nothing or would be uneven: for views, foreign and partitioned tables, parents of other tables, and tables
    // whose storage is not PostgreSQL's own heap. Zero also without the right to select ctid. A role with grants on some columns lacks it.
    private static async Task<long> BlocksAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select case when c.relkind in ('r', 'm') and a.amname = 'heap' and has_column_privilege(c.oid, 'ctid', 'select')
                    and not exists (select from pg_inherits i where i.inhparent = c.oid)
                then pg_relation_size(c.oid) / current_setting('block_size')::int8 else 0 end
            from pg_class c left join pg_am a on a.oid = c.relam
            where c.oid = $1
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = source.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid } } };
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
