using Npgsql;
using NpgsqlTypes;

namespace Slowlane.Profiling.Sources;

/// <summary>Asks the catalog what stands between the role of jobs and the rows of a table or view.</summary>
internal static class Obstacles
{
    // A view is read with its owner's rights, a security_invoker view with the reader's, its functions always with the reader's. A view on
    // objects of the system itself has no record of them: those are found by their names in the error's text.
    private const string Sql = """
        with recursive me as (
            select oid from pg_roles where rolname = current_user),
        used (relation, reader, attribute) as (
            select $1, me.oid, coalesce(a.attnum, 0)::int4
            from me left join pg_attribute a on a.attrelid = $1 and a.attnum > 0 and a.attname = any ($2)
            union
            select d.refobjid, case when invoker.is_set then me.oid else v.relowner end, d.refobjsubid
            from used u
            join pg_class v on v.oid = u.relation and v.relkind = 'v'
            join pg_rewrite r on r.ev_class = v.oid
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
                and d.refobjid <> v.oid
            cross join lateral (
                select exists (
                    select from pg_options_to_table(v.reloptions) where option_name = 'security_invoker' and option_value::bool) as is_set) invoker
            cross join me),
        called (function) as (
            select coalesce(o.oprcode::oid, d.refobjid)
            from (select distinct relation from used) u
            join pg_rewrite r on r.ev_class = u.relation
            join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid and d.refclassid in ('pg_proc'::regclass, 'pg_operator'::regclass)
            left join pg_operator o on d.refclassid = 'pg_operator'::regclass and o.oid = d.refobjid),
        relations as (
            select c.*, n.nspname, u.reader, u.attribute, quote_ident(q.rolname) as role, format('%I.%I', n.nspname, c.relname) as target,
                n.nspname in ('pg_catalog', 'information_schema', 'slowlane') as is_closed
            from used u join pg_class c on c.oid = u.relation join pg_namespace n on n.oid = c.relnamespace join pg_roles q on q.oid = u.reader),
        functions as (
            select p.oid, p.provolatile, format('%I.%I(%s)', n.nspname, p.proname, oidvectortypes(p.proargtypes)) as target
            from called f join pg_proc p on p.oid = f.function join pg_namespace n on n.oid = p.pronamespace)
        select case when is_closed then 'closed' else 'select' end, target, role,
            array_agg(quote_ident(a.attname) order by a.attnum)
                filter (where a.attname is not null and has_any_column_privilege(reader, c.oid, 'select'))
        from relations c left join pg_attribute a on a.attrelid = c.oid and a.attnum = c.attribute
        where not case when relkind = 'S' then true when attribute = 0 then has_any_column_privilege(reader, c.oid, 'select')
            else has_column_privilege(reader, c.oid, attribute::int2, 'select') end
        group by 1, 2, 3
        union all
        select distinct 'usage', quote_ident(nspname), quote_ident(current_user), null::text[]
        from relations where oid = $1 and not has_schema_privilege(relnamespace, 'usage')
        union all
        select distinct case when attribute = 0 then 'draw' else 'sequence' end, target,
            case when attribute = 0 then quote_ident(current_user) else role end, null::text[]
        from relations
        where case when relkind <> 'S' then false when attribute = 0 then not has_sequence_privilege(oid, 'usage')
            else not has_sequence_privilege(reader, oid, 'select') end
        union all
        select 'execute', target, quote_ident(current_user), null from functions where not has_function_privilege(oid, 'execute')
        union all
        select 'volatile', target, quote_ident(current_user), null from functions where provolatile = 'v'
        union all
        select distinct 'mapping', quote_ident(s.srvname), role, null::text[]
        from relations r join pg_foreign_table f on f.ftrelid = r.oid join pg_foreign_server s on s.oid = f.ftserver
        where not exists (select from pg_user_mappings m where m.srvid = s.oid and m.umuser in (0, r.reader))
        union all
        select distinct 'policy', target, role, null::text[]
        from relations r join pg_roles q on q.oid = r.reader
        where relrowsecurity and not (rolsuper or rolbypassrls or (pg_has_role(reader, relowner, 'usage') and not relforcerowsecurity))
        union all
        select 'closed', format('%I.%I', 'pg_catalog', relname), quote_ident(current_user), null from pg_class
        where relnamespace = 'pg_catalog'::regnamespace and relkind in ('r', 'v') and not has_table_privilege('public', oid, 'select')
            and $3 ~ ('\m' || relname || '\M')
        union all
        select distinct 'closed', format('%I.%I', 'pg_catalog', proname), quote_ident(current_user), null::text[] from pg_proc
        where pronamespace = 'pg_catalog'::regnamespace and not has_function_privilege('public', oid, 'execute')
            and $3 ~ ('\m' || proname || '\M')
        order by 1, 2, 3
        """;

    /// <summary>Finds the obstacles of a source for the current role. Which of them PostgreSQL has reported is not known.</summary>
    /// <param name="source">The table and its columns.</param>
    /// <param name="message">The text of PostgreSQL's error.</param>
    /// <param name="connection">A connection whose search path is the system's catalog.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public static async Task<IReadOnlyList<Obstacle>> FindAsync(ProfileSource source, string message, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = source.Oid, NpgsqlDbType = NpgsqlDbType.Oid },
                new NpgsqlParameter<string[]> { TypedValue = [.. source.Columns.Select(column => column.Name).Concat(source.Where.Select(condition => condition.Column.Name))] },
                new NpgsqlParameter<string> { TypedValue = message },
            },
        };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<Obstacle>();
        while (await row.ReadAsync(cancellationToken))
        {
            var columns = await row.IsDBNullAsync(3, cancellationToken) ? [] : await row.GetFieldValueAsync<string[]>(3, cancellationToken);
            found.Add(new Obstacle(Enum.Parse<ObstacleKind>(row.GetString(0), ignoreCase: true), row.GetString(1), row.GetString(2), columns));
        }

        return found;
    }
}
