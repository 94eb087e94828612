using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution.SqlFaults;

/// <summary>Looks up which objects of the database a refusal may mean, because PostgreSQL names an object without its schema.</summary>
internal static class DeniedObjects
{
    // In another language than English the message tells no kind, and the name is somewhere in it.
    private const string Sql = $"""
        select kind, schema, name, target, is_closed, is_visible from (
            select 'table' as kind, n.nspname::text as schema, c.relname::text as name, format('%I.%I', n.nspname, c.relname) as target,
                n.nspname = 'slowlane' and (c.relname = any ($4) or not 'insert' = any ($3) or has_table_privilege('{JobRole.Name}', c.oid, 'insert')) as is_closed,
                pg_table_is_visible(c.oid) as is_visible
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and exists (
                select from unnest($3::text[]) as privilege where not has_table_privilege('{JobRole.Name}', c.oid, privilege))
            union all
            select 'sequence', n.nspname, c.relname, format('%I.%I', n.nspname, c.relname), false, pg_table_is_visible(c.oid)
            from pg_class c join pg_namespace n on n.oid = c.relnamespace
            where case c.relkind when 'S' then not has_sequence_privilege('{JobRole.Name}', c.oid, 'usage') end
            union all
            select case p.prokind when 'p' then 'procedure' else 'function' end, n.nspname, p.proname,
                format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), false, pg_function_is_visible(p.oid)
            from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where not has_function_privilege('{JobRole.Name}', p.oid, 'execute')
            union all
            select 'type', n.nspname, t.typname, format('%I.%I', n.nspname, t.typname), false, pg_type_is_visible(t.oid)
            from pg_type t join pg_namespace n on n.oid = t.typnamespace
            where not has_type_privilege('{JobRole.Name}', t.oid, 'usage')
            union all
            select 'schema', '', nspname, quote_ident(nspname), false, true
            from pg_namespace where not has_schema_privilege('{JobRole.Name}', oid, 'usage')
            union all
            select 'language', '', lanname, quote_ident(lanname), false, true
            from pg_language where not has_language_privilege('{JobRole.Name}', oid, 'usage')
            union all
            select 'foreign server', '', srvname, quote_ident(srvname), false, true
            from pg_foreign_server where not has_server_privilege('{JobRole.Name}', oid, 'usage')) as lacking
        where case when $1::text[] is null then position(name in $2) > 0 else kind = any ($1) and name = $2 end
        order by target
        """;

    private static readonly string[] Reading = ["select"];
    private static readonly string[] Writing = ["select", "insert", "update", "delete"];

    /// <summary>Finds the objects that the jobs' role lacks a right to and the refusal means. None if they can't be looked up.</summary>
    /// <param name="denied">The refusal.</param>
    /// <param name="isWrite">Whether the job was writing its result.</param>
    /// <param name="closed">The tables of the schema <c>slowlane</c> that no job may use.</param>
    /// <param name="connection">A connection with the rights of the app's user.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IReadOnlyList<DeniedCandidate>> FindAsync(
        PostgresException denied, bool isWrite, string[] closed, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var named = DeniedObject.Of(denied);
        if (named.Kind is DeniedObject.LargeObject || (named.Kind.Length == 0 && !DeniedObject.MayBeTranslated(denied)))
        {
            return [];
        }

        try
        {
            return MeantObjects.Of(denied, await AskAsync(denied, named, isWrite ? Writing : Reading, closed, connection, cancellationToken));
        }
        catch (NpgsqlException)
        {
            return []; // The refusal is explained without the schema.
        }
    }

    private static async Task<List<DeniedCandidate>> AskAsync(
        PostgresException denied, DeniedObject named, string[] privileges, string[] closed, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            Parameters =
            {
                new() { Value = (object?)named.CatalogKinds ?? DBNull.Value },
                new() { Value = named.CatalogKinds is null ? denied.MessageText : named.Name },
                new() { Value = privileges },
                new() { Value = closed },
            },
        };
        var found = new List<DeniedCandidate>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add(new(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5)));
        }

        return found;
    }
}
