using System.Globalization;
using Npgsql;

namespace Slowlane.Jobs.Profiling.Sources;

/// <summary>Finds a table and its columns in the catalog of PostgreSQL.</summary>
internal static class Catalog
{
    /// <summary>Names are matched by parameter; what goes into a statement is the server's own quoting.</summary>
    /// <exception cref="JobException">There is no such table or column, or it can't be read.</exception>
    public static async Task<ProfileSource> FindAsync(TableName name, IReadOnlyList<string>? columns, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var (oid, source) = await FindRelationAsync(name, connection, cancellationToken)
            ?? throw TableFaults.UnknownTable(name, await NamesAsync(connection, cancellationToken));
        if (source.Kind.Length == 0)
        {
            throw TableFaults.NoTable(source.Table!);
        }

        var known = await ColumnsAsync(oid, connection, cancellationToken);
        return source with { Columns = columns is null ? known : Choose(columns, known, source.Table!) };
    }

    private static async Task<(uint Oid, ProfileSource Source)?> FindRelationAsync(TableName name, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT c.oid::int8, format('%I.%I', n.nspname, c.relname),
                   CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'v' THEN 'view'
                       WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table' ELSE '' END AS kind,
                   coalesce((SELECT sum(greatest(leaf.reltuples, 0))::float8
                             FROM pg_partition_tree(c.oid) tree JOIN pg_class leaf ON leaf.oid = tree.relid
                             WHERE tree.isleaf), greatest(c.reltuples, 0)::float8),
                   pg_current_snapshot()::text, clock_timestamp()
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relname = ANY ($1) AND CASE WHEN $2::text[] IS NULL THEN pg_table_is_visible(c.oid) ELSE n.nspname = ANY ($2) END
            ORDER BY n.nspname = $2[1] DESC, c.relname = $1[1] DESC
            LIMIT 1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = name.Table.Candidates });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)name.Schema?.Candidates ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return !await row.ReadAsync(cancellationToken) ? null : ((uint)row.GetInt64(0), new ProfileSource
        {
            Table = row.GetString(1),
            Kind = row.GetString(2),
            EstimatedRows = row.GetDouble(3),
            Snapshot = row.GetString(4),
            StartedAt = new DateTimeOffset(row.GetDateTime(5)),
            Columns = [],
        });
    }

    private static async Task<List<SourceColumn>> ColumnsAsync(uint oid, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A domain may stand on a domain; the base type decides the layout.
        const string sql = """
            SELECT a.attname, format_type(a.atttypid, a.atttypmod), quote_ident(a.attname),
                   (WITH RECURSIVE base(oid, basetype) AS (
                        SELECT t.oid, t.typbasetype FROM pg_type t WHERE t.oid = a.atttypid
                        UNION ALL
                        SELECT t.oid, t.typbasetype FROM base JOIN pg_type t ON t.oid = base.basetype)
                    SELECT oid::int8 FROM base WHERE basetype = 0)
            FROM pg_attribute a
            WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<SourceColumn>();
        while (await row.ReadAsync(cancellationToken))
        {
            var (layout, cast) = TypeLayout.Of((uint)row.GetInt64(3));
            var expression = string.Create(CultureInfo.InvariantCulture, $"{row.GetString(2)}::pg_catalog.{cast}");
            columns.Add(new SourceColumn(row.GetString(0), row.GetString(1), layout, expression));
        }

        return columns;
    }

    private static List<SourceColumn> Choose(IReadOnlyList<string> names, List<SourceColumn> known, string table)
    {
        var byName = known.ToDictionary(column => column.Name, StringComparer.Ordinal);
        var unknown = names.Where(name => !byName.ContainsKey(name)).ToList();
        return unknown.Count == 0 ? [.. names.Select(name => byName[name])] : throw TableFaults.UnknownColumns(table, unknown, byName.Keys);
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT format('%I.%I', n.nspname, c.relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            LIMIT 2000
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var names = new List<string>();
        while (await row.ReadAsync(cancellationToken))
        {
            names.Add(row.GetString(0));
        }

        return names;
    }
}
