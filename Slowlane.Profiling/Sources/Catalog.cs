using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>Finds a table and its columns in the catalog of PostgreSQL.</summary>
internal static class Catalog
{
    /// <summary>Finds the source. Names are passed as parameters. Statements contain only names that the server has quoted.</summary>
    /// <exception cref="JobException">The table or a column does not exist, or it can't be read.</exception>
    public static async Task<ProfileSource> FindAsync(ProfileInput input, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var source = await FindRelationAsync(input.Table!, connection, cancellationToken)
            ?? throw TableFaults.UnknownTable(input.Table!, await NamesAsync(connection, cancellationToken));
        if (source.Kind.Length == 0)
        {
            throw TableFaults.NoTable(source.Table!);
        }

        if (input.Sample is not null && await UnsampledAsync(source, connection, cancellationToken) is { } unsampled)
        {
            throw TableFaults.NoSample(source, unsampled);
        }

        var known = await ColumnsAsync(source.Oid, connection, cancellationToken);
        return Choose(source, input, known);
    }

    private static async Task<ProfileSource?> FindRelationAsync(TableName name, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select c.oid::int8, format('%I.%I', n.nspname, c.relname),
                   case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
                       when 'm' then 'materialized view' when 'f' then 'foreign table' else '' end as kind,
                   coalesce((select sum(greatest(leaf.reltuples, 0))::float8
                             from pg_partition_tree(c.oid) tree join pg_class leaf on leaf.oid = tree.relid
                             where tree.isleaf), greatest(c.reltuples, 0)::float8),
                   pg_current_snapshot()::text, clock_timestamp()
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relname = any ($1) and case when $2::text[] is null then pg_table_is_visible(c.oid) else n.nspname = any ($2) end
            order by n.nspname = $2[1] desc, c.relname = $1[1] desc
            limit 1
            """;
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = name.Table.Candidates });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)name.Schema?.Candidates ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return !await row.ReadAsync(cancellationToken) ? null : new ProfileSource
        {
            Oid = (uint)row.GetInt64(0),
            Table = row.GetString(1),
            Kind = row.GetString(2),
            EstimatedRows = row.GetDouble(3),
            Snapshot = row.GetString(4),
            StartedAt = new DateTimeOffset(row.GetDateTime(5)),
            Columns = [],
        };
    }

    private static async Task<List<KnownColumn>> ColumnsAsync(uint oid, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // A domain may be based on another domain. The base type determines the layout.
        const string sql = """
            select a.attname, format_type(a.atttypid, a.atttypmod), quote_ident(a.attname), base.oid::int8, format_type(base.oid, -1),
                array(select e.enumlabel::text from pg_enum e where e.enumtypid = base.oid order by e.enumsortorder)
            from pg_attribute a
            cross join lateral (
                with recursive base(oid, basetype) as (
                    select t.oid, t.typbasetype from pg_type t where t.oid = a.atttypid
                    union all
                    select t.oid, t.typbasetype from base join pg_type t on t.oid = base.basetype)
                select oid from base where basetype = 0) base
            where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
            order by a.attnum
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid } } };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<KnownColumn>();
        while (await row.ReadAsync(cancellationToken))
        {
            var labels = await row.GetFieldValueAsync<string[]>(5, cancellationToken);
            var (layout, expression) = TypeLayout.Of((uint)row.GetInt64(3), labels.Length > 0, row.GetString(2));
            columns.Add(new KnownColumn(new SourceColumn(row.GetString(0), row.GetString(1), layout, expression, labels), row.GetString(2), row.GetString(4)));
        }

        return columns;
    }

    private static ProfileSource Choose(ProfileSource source, ProfileInput input, List<KnownColumn> known)
    {
        var byName = known.ToDictionary(column => column.Column.Name, StringComparer.Ordinal);
        IReadOnlyList<string> names = input.Columns ?? [.. byName.Keys];
        var unknown = names.Concat(input.Where.Select(column => column.Name)).Where(name => !byName.ContainsKey(name)).Distinct(StringComparer.Ordinal).ToList();
        return unknown.Count == 0
            ? source with
            {
                Sample = input.Sample,
                Columns = [.. names.Select(name => byName[name].Column)],
                OtherColumns = input.Columns is null ? [] : [.. known.Select(column => column.Column.Name).Except(names, StringComparer.Ordinal)],
                Where = Conditions(input.Where, byName),
            }
            : throw TableFaults.UnknownColumns(source.Table!, unknown, byName.Keys);
    }

    private static List<WhereCondition> Conditions(IReadOnlyList<WhereColumn> where, Dictionary<string, KnownColumn> known)
    {
        var next = 1;
        var conditions = new List<WhereCondition>();
        foreach (var column in where)
        {
            conditions.Add(new WhereCondition(column, known[column.Name].Quoted, known[column.Name].BaseType, next));
            next += column.Values.Count;
        }

        return conditions;
    }

    // The relation that PostgreSQL can't sample: the named one, or a foreign one below it, which it would read whole without a word.
    private static async Task<string?> UnsampledAsync(ProfileSource source, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            with recursive tree (oid) as (select $1::oid union select i.inhrelid from tree join pg_inherits i on i.inhparent = tree.oid)
            select format('%I.%I', n.nspname, c.relname)
            from tree join pg_class c on c.oid = tree.oid join pg_namespace n on n.oid = c.relnamespace
            where c.relkind not in ('r', 'm', 'p')
            order by c.oid = $1 desc, 1
            limit 1
            """;
        await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new NpgsqlParameter { Value = source.Oid, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Oid } } };
        return (string?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<List<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            select format('%I.%I', n.nspname, c.relname)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
                and has_any_column_privilege(c.oid, 'select')
            limit 2000
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

    // The quoted name and the base type without its modifiers, beside what a profile needs of every column.
    private sealed record KnownColumn(SourceColumn Column, string Quoted, string BaseType);
}
