using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage;

/// <summary>What the database says of the app's user and the schema <c>slowlane</c>. Names are quoted as SQL needs them.</summary>
/// <param name="User">The user that the app's sessions run as.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Encoding">The encoding of its text, as <c>UTF8</c>.</param>
/// <param name="IsStandby">Whether the server is a standby, which takes no writes.</param>
/// <param name="IsReadOnly">Whether new transactions are read only.</param>
/// <param name="NotificationQueueUsage">Which part of the queue of notifications is in use, from 0 to 1. Asking also frees what every listener has read.</param>
/// <param name="HasSchema">Whether the schema exists.</param>
/// <param name="MayCreateSchema">Whether the user may create schemas in the database.</param>
/// <param name="MayUseSchema">Whether the user may name the schema's tables.</param>
/// <param name="MayCreateInSchema">Whether the user may create tables in the schema.</param>
/// <param name="Path">The first schema of the search path that exists, where scripts create what they name without a schema; null if there is none.</param>
/// <param name="ConnectionSettings">Settings that begin with the connection: its options, or the environment's PGOPTIONS. No statement changes them.</param>
/// <param name="ClosedPath">A schema of the search path that the user may not use.</param>
/// <param name="MayCreateInPath">Whether the user may create tables in that schema.</param>
/// <param name="HasJobRole">Whether the role of the jobs' SQL exists.</param>
/// <param name="MayTakeJobRole">Whether the user may take that role.</param>
/// <param name="IsJobRoleMember">Whether the user is a member of that role, without the right to take it perhaps.</param>
/// <param name="JobRoleMayUseSchema">Whether that role may name the schema's tables.</param>
/// <param name="OtherOwner">The owner of the tables, if that is not a role of the user's.</param>
/// <param name="MissingTables">The engine's tables that the schema lacks.</param>
/// <param name="MissingParts">The columns, unique indexes, functions and triggers that the schema lacks, as <c>column slowlane.job.id uuid</c>.</param>
/// <param name="DisabledTriggers">Triggers of the engine that are there and do not fire, each with its table.</param>
/// <param name="ForeignRules">Triggers and rules that fire, constraints and unique indexes on the engine's tables that are not the engine's.</param>
/// <param name="OtherColumns">Columns of the tables that no script creates, or that have another type.</param>
/// <param name="UnidentifiedTables">The engine's tables that are published and have no replica identity, so that the server refuses an update.</param>
/// <param name="Locks">The engine's tables that another session has locked whole, each with the session's process, as <c>slowlane.job 4711</c>.</param>
/// <param name="FilteredTables">The engine's tables whose rows row-level security hides from the user.</param>
/// <param name="ClosedTables">The engine's tables that the user may not read and write.</param>
internal sealed record SchemaState(
    string User,
    string Database,
    string Encoding,
    bool IsStandby,
    bool IsReadOnly,
    double NotificationQueueUsage,
    bool HasSchema,
    bool MayCreateSchema,
    bool MayUseSchema,
    bool MayCreateInSchema,
    string? Path,
    IReadOnlyList<string> ConnectionSettings,
    string? ClosedPath,
    bool MayCreateInPath,
    bool HasJobRole,
    bool MayTakeJobRole,
    bool IsJobRoleMember,
    bool JobRoleMayUseSchema,
    string? OtherOwner,
    IReadOnlyList<string> MissingTables,
    IReadOnlyList<string> MissingParts,
    IReadOnlyList<string> DisabledTriggers,
    IReadOnlyList<ForeignRule> ForeignRules,
    IReadOnlyList<OtherColumn> OtherColumns,
    IReadOnlyList<string> UnidentifiedTables,
    IReadOnlyList<string> Locks,
    IReadOnlyList<string> FilteredTables,
    IReadOnlyList<string> ClosedTables)
{
    private const string Query = """
        with expected as (
            select c.oid, c.relnamespace, c.relname, t as name from unnest($5) t join pg_namespace s on s.nspname = split_part(t, '.', 1)
                join pg_class c on c.relnamespace = s.oid and c.relname = split_part(t, '.', 2))
        select quote_ident(current_user), quote_ident(d.datname), pg_encoding_to_char(d.encoding)::text,
            pg_is_in_recovery(), current_setting('transaction_read_only')::boolean, pg_notification_queue_usage(),
            n.oid is not null, has_database_privilege(d.oid, 'create'),
            coalesce(has_schema_privilege(n.oid, 'usage'), false), coalesce(has_schema_privilege(n.oid, 'create'), false),
            quote_ident(current_schema()),
            array(select s.name from pg_settings s where s.source = 'client' and s.name in ('search_path', 'default_transaction_read_only')),
            (select quote_ident(s.nspname) from pg_namespace s where not has_schema_privilege(s.oid, 'usage')
                and s.nspname = any (string_to_array(replace(current_setting('search_path'), '"', ''), ', ')) limit 1),
            coalesce(has_schema_privilege(current_schema(), 'create'), false),
            r.oid is not null,
            coalesce(pg_has_role(r.oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false),
            coalesce(pg_has_role(r.oid, 'member'), false), coalesce(has_schema_privilege(r.oid, n.oid, 'usage'), false),
            (select quote_ident(pg_get_userbyid(c.relowner)) from pg_class c
                where c.relnamespace = n.oid and c.relname = any ($1) and c.relkind = 'r' and not pg_has_role(c.relowner, 'usage') limit 1),
            array(select t from unnest($1) t
                where not exists (select from pg_class c where c.relnamespace = n.oid and c.relname = t and c.relkind = 'r') order by t),
            array(select p from unnest($2) p where p <> all (array(
                select 'column ' || c.name || '.' || a.attname || ' ' || y.typname
                    from expected c join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
                    where a.attnum > 0 and not a.attisdropped
                union all select 'unique index slowlane.' || c.relname from pg_class c join pg_index i on i.indexrelid = c.oid
                    where c.relnamespace = n.oid and i.indisunique and i.indisvalid
                union all select 'function slowlane.' || f.proname from pg_proc f where f.pronamespace = n.oid
                union all select 'trigger ' || t.tgname || ' on slowlane.' || c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid
                    where c.relnamespace = n.oid))),
            array(select t.tgname || ' on slowlane.' || c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid
                where c.relnamespace = n.oid and t.tgenabled not in ('O', 'A') and 'trigger ' || t.tgname || ' on slowlane.' || c.relname = any ($2) order by 1),
            array(select part from pg_class c
                cross join lateral (
                    select t.oid, 'trigger' as kind, t.tgname::text as name, quote_ident(m.nspname) || '.' || quote_ident(f.proname) as function, f.proname::text as mark
                        from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_namespace m on m.oid = f.pronamespace
                        where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('O', 'A')
                    union all select w.oid, 'rule', w.rulename, '', w.rulename from pg_rewrite w where w.ev_class = c.oid and w.ev_enabled in ('O', 'A')
                    union all select o.oid, 'constraint', o.conname, '', o.conname from pg_constraint o where o.conrelid = c.oid and o.contype not in ('n', 't')
                    union all select x.oid, 'unique index', x.relname, '', x.relname from pg_index i join pg_class x on x.oid = i.indexrelid
                        where i.indrelid = c.oid and i.indisunique
                            and not exists (select from pg_constraint o where o.conrelid = c.oid and o.conindid = x.oid)) as rule
                cross join lateral unnest(array[kind, quote_ident(name), 'slowlane.' || c.relname, function, mark]) with ordinality as parts (part, number)
                where c.relnamespace = n.oid and c.relname = any ($1) and name <> all ($4) and 'trigger ' || name || ' on slowlane.' || c.relname <> all ($2)
                order by rule.oid, number),
            array(select part from expected c join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
                cross join lateral unnest(array[c.name, quote_ident(a.attname), y.typname,
                    (c.relnamespace = n.oid and c.relname = any ($1) and a.attnotnull and not a.atthasdef and a.attidentity = '')::text]) with ordinality as parts (part, number)
                where a.attnum > 0 and not a.attisdropped and 'column ' || c.name || '.' || a.attname || ' ' || y.typname <> all ($2) order by c.oid, a.attnum, number),
            array(select 'slowlane.' || c.relname from pg_class c where c.relnamespace = n.oid and c.relname = any ($1) and c.relreplident = 'n'
                and exists (select from pg_publication_tables p join pg_publication a on a.pubname = p.pubname
                    where p.schemaname = n.nspname and p.tablename = c.relname and (a.pubupdate or a.pubdelete)) order by 1),
            array(select 'slowlane.' || c.relname || ' ' || l.pid from pg_locks l join pg_class c on c.oid = l.relation and l.database = d.oid
                join pg_stat_activity b on b.pid = l.pid and b.usesysid is not null -- An autovacuum has no user, and makes way.
                where c.relnamespace = n.oid and c.relname = any ($1) and l.mode = 'AccessExclusiveLock' and l.granted and l.pid <> pg_backend_pid() order by 1),
            array(select c.relname::text from pg_class c where c.relnamespace = n.oid and c.relname = any ($1) and row_security_active(c.oid) order by 1),
            array(select c.relname::text from pg_class c
                where c.relnamespace = n.oid and c.relname = any ($1) and c.relkind = 'r' and not (has_table_privilege(c.oid, 'select')
                    and has_table_privilege(c.oid, 'insert') and has_table_privilege(c.oid, 'update') and has_table_privilege(c.oid, 'delete'))
                order by c.relname)
        from pg_database d left join pg_namespace n on n.nspname = 'slowlane' left join pg_roles r on r.rolname = $3
        where d.datname = current_database()
        """;

    /// <summary>Whether the table of the applied migrations exists.</summary>
    public bool HasMigrationTable => !MissingTables.Contains(SchemaObjects.MigrationTable, StringComparer.Ordinal);

    /// <summary>Whether the applied migrations can be read.</summary>
    public bool HasMigrations => HasMigrationTable && MayUseSchema && !ClosedTables.Contains(SchemaObjects.MigrationTable, StringComparer.Ordinal);

    /// <summary>Asks the database. The statement reads the catalog alone, which needs no right.</summary>
    public static async Task<SchemaState> ReadAsync(NpgsqlConnection connection, ExpectedTables expected, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Query, connection)
        {
            CommandTimeout = Storage.Database.MaxStatementSeconds,
            Parameters =
            {
                new() { Value = SchemaObjects.Tables },
                new() { Value = expected.Parts },
                new() { Value = JobRole.Name },
                new() { Value = SchemaObjects.Rules },
                new() { Value = expected.Names },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new SchemaState(
            reader.GetString(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetBoolean(3),
            reader.GetBoolean(4),
            reader.GetDouble(5),
            reader.GetBoolean(6),
            reader.GetBoolean(7),
            reader.GetBoolean(8),
            reader.GetBoolean(9),
            await reader.IsDBNullAsync(10, cancellationToken) ? null : reader.GetString(10),
            await reader.GetFieldValueAsync<string[]>(11, cancellationToken),
            await reader.IsDBNullAsync(12, cancellationToken) ? null : reader.GetString(12),
            reader.GetBoolean(13),
            reader.GetBoolean(14),
            reader.GetBoolean(15),
            reader.GetBoolean(16),
            reader.GetBoolean(17),
            await reader.IsDBNullAsync(18, cancellationToken) ? null : reader.GetString(18),
            await reader.GetFieldValueAsync<string[]>(19, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(20, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(21, cancellationToken),
            [.. (await reader.GetFieldValueAsync<string[]>(22, cancellationToken)).Chunk(5).Select(parts => new ForeignRule(parts[0], parts[1], parts[2], parts[3], parts[4]))],
            [.. (await reader.GetFieldValueAsync<string[]>(23, cancellationToken)).Chunk(4).Select(parts => new OtherColumn(parts[0], parts[1], parts[2], bool.Parse(parts[3])))],
            await reader.GetFieldValueAsync<string[]>(24, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(25, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(26, cancellationToken),
            await reader.GetFieldValueAsync<string[]>(27, cancellationToken));
    }
}
