using System.Globalization;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Parts;

/// <summary>Splits a table into ranges of blocks, and holds it as it is until the caller's transaction ends.</summary>
internal static class TableSplit
{
    /// <exception cref="JobException">There is no such table or column, or it can't be read.</exception>
    public static async Task<IReadOnlyList<string>> OfAsync(ProfileInput input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await TableReader.LimitLocksAsync(connection, cancellationToken);
        var source = await Catalog.FindAsync(input.Table!, input.Columns, connection, cancellationToken);
        await HoldAsync(source, connection, cancellationToken);
        var ranges = BlockRange.Split(
            await BlocksAsync(source, connection, cancellationToken), Math.Min(partitions, ProfileBudget.MostPartitions(source.Columns.Count)));
        return [.. ranges.Select(range => range.ToString())];
    }

    // What rewrites a table (VACUUM FULL, TRUNCATE, ALTER) would move rows from range to range between two parts; it
    // waits for everybody who reads. This reads no row, and needs the rights that reading needs.
    private static async Task HoldAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await foreach (var chunk in TableReader.CopyAsync(source, "limit 0", connection, cancellationToken))
        {
            chunk.Release();
        }
    }

    // None where ranges of blocks mean nothing or would be uneven: views, foreign and partitioned tables, parents of
    // others, tables that a storage of another kind than PostgreSQL's own keeps; and none without the right to ask for
    // a row's place, which somebody allowed some columns only doesn't have.
    private static async Task<long> BlocksAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select case when c.relkind in ('r', 'm') and a.amname = 'heap' and has_column_privilege(c.oid, 'ctid', 'select')
                    and not exists (select from pg_inherits i where i.inhparent = c.oid)
                then pg_relation_size(c.oid) / current_setting('block_size')::int8 else 0 end
            from pg_class c left join pg_am a on a.oid = c.relam
            where c.oid = $1::regclass
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter<string> { TypedValue = source.Table } } };
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }
}
