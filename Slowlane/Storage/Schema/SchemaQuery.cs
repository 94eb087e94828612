using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>Reads the state of the schema from the catalog alone, which needs no right.</summary>
internal static class SchemaQuery
{
    // $1 the engine's tables, $2 the expected parts, $3 the role of jobs, $4 the engine's rules, $5 all expected tables with their schemas,
    // $6 to $9 what scripts grant: the kind of object, the schema if named, the name, the right.
    private const string Sql = """
        with expected as (
            select c.oid, c.relnamespace, c.relname, t as name from unnest($5) t join pg_namespace s on s.nspname = split_part(t, '.', 1)
                join pg_class c on c.relnamespace = s.oid and c.relname = split_part(t, '.', 2)),
        own as (
            select c.oid, c.relname, c.relkind, c.relowner, c.relreplident from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where n.nspname = 'slowlane' and c.relname = any ($1)),
        settings as ( -- Of the user in the database, which comes first, then of the user, of the database, of all.
            select s.setrole, s.setdatabase, s.setconfig from pg_db_role_setting s
                where s.setrole in (0, (select oid from pg_roles where rolname = session_user))
                    and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))),
        granted as (select * from unnest($6, $7, $8, $9) as granted (kind, schema, name, privilege)),
        granted_table as (
            select c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname) as name, g.privilege
                from granted g join pg_class c on c.relname = g.name join pg_namespace n on n.oid = c.relnamespace
                where g.kind = 'table' and case when g.schema is null then pg_table_is_visible(c.oid) else n.nspname = g.schema end)
        select row_to_json(state)::text from (select
            quote_ident(current_user) as "user",
            quote_ident(session_user) as login,
            quote_ident(d.datname) as database,
            pg_encoding_to_char(d.encoding) as encoding,
            pg_is_in_recovery() as is_standby,
            current_setting('transaction_read_only')::boolean as is_read_only,
            pg_notification_queue_usage() as notification_queue_usage,
            n.oid is not null as has_schema,
            has_database_privilege(d.oid, 'create') as may_create_schema,
            coalesce(has_schema_privilege(n.oid, 'usage'), false) as may_use_schema,
            coalesce(has_schema_privilege(n.oid, 'create'), false) as may_create_in_schema,
            quote_ident(current_schema()) as path,
            (select string_agg(s.setconfig::text, ' ' order by s.setrole, s.setdatabase) from settings s) as settings,
            (select case when s.setrole = 0 then 'database ' || quote_ident(d.datname) else 'role ' || quote_ident(session_user)
                    || case when s.setdatabase = 0 then '' else ' in database ' || quote_ident(d.datname) end end
                from settings s where exists (select from unnest(s.setconfig) v where v like 'role=%') order by s.setrole = 0, s.setdatabase = 0 limit 1) as role_setting,
            array(select s.name from pg_settings s where s.source = 'client' and s.name in ('search_path', 'default_transaction_read_only', 'role')) as connection_settings,
            (select quote_ident(s.nspname) from pg_namespace s where not has_schema_privilege(s.oid, 'usage')
                and s.nspname = any (string_to_array(replace(current_setting('search_path'), '"', ''), ', ')) limit 1) as closed_path,
            coalesce(has_schema_privilege(current_schema(), 'create'), false) as may_create_in_path,
            r.oid is not null as has_job_role,
            coalesce(pg_has_role(r.oid, case when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end), false) as may_take_job_role,
            coalesce(pg_has_role(r.oid, 'member'), false) as is_job_role_member,
            coalesce(has_schema_privilege(r.oid, n.oid, 'usage'), false) as job_role_may_use_schema,
            exists (select from pg_namespace s where s.nspname = any (current_schemas(false)) and has_schema_privilege(r.oid, s.oid, 'usage')) as job_role_has_path,
            array(
                select distinct t.privilege || ' on ' || t.name from granted_table t where not has_table_privilege(r.oid, t.oid, t.privilege)
                union all -- A default of a column draws from the sequence that belongs to it.
                select distinct 'usage on sequence ' || quote_ident(n.nspname) || '.' || quote_ident(q.relname)
                    from granted_table t
                        join pg_depend b on b.refclassid = 'pg_class'::regclass and b.refobjid = t.oid and b.classid = 'pg_class'::regclass and b.deptype = 'a'
                        join pg_class q on q.oid = b.objid join pg_namespace n on n.oid = q.relnamespace
                    where t.privilege = 'insert' and case when q.relkind = 'S' then not has_sequence_privilege(r.oid, q.oid, 'usage') end
                union all
                select distinct 'usage on schema ' || quote_ident(n.nspname) from granted g join pg_namespace n on n.nspname = g.name
                    where g.kind = 'schema' and not has_schema_privilege(r.oid, n.oid, 'usage')
                order by 1) as lost_grants,
            (select quote_ident(pg_get_userbyid(relowner)) from own where relkind = 'r' and not pg_has_role(relowner, 'usage') limit 1) as other_owner,
            array(select t from unnest($1) t where not exists (select from own where relname = t and relkind = 'r') order by t) as missing_tables,
            array(select p from unnest($2) p where p <> all (array(
                select 'column ' || c.name || '.' || a.attname || ' ' || y.typname
                    from expected c join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
                    where a.attnum > 0 and not a.attisdropped
                union all select 'unique index slowlane.' || c.relname from pg_class c join pg_index i on i.indexrelid = c.oid
                    where c.relnamespace = n.oid and i.indisunique and i.indisvalid
                union all select 'function slowlane.' || f.proname from pg_proc f where f.pronamespace = n.oid
                union all select 'trigger ' || t.tgname || ' on slowlane.' || c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid
                    where c.relnamespace = n.oid))) as missing_parts,
            array(select t.tgname || ' on slowlane.' || c.relname from pg_class c join pg_trigger t on t.tgrelid = c.oid
                where c.relnamespace = n.oid and t.tgenabled not in ('O', 'A') and 'trigger ' || t.tgname || ' on slowlane.' || c.relname = any ($2)
                order by 1) as disabled_triggers,
            array(select json_build_object('kind', kind, 'name', quote_ident(name), 'table', 'slowlane.' || c.relname, 'function', function, 'mark', mark)
                from own c cross join lateral (
                    select t.oid, 'trigger' as kind, t.tgname::text as name, quote_ident(m.nspname) || '.' || quote_ident(f.proname) as function, f.proname::text as mark
                        from pg_trigger t join pg_proc f on f.oid = t.tgfoid join pg_namespace m on m.oid = f.pronamespace
                        where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled in ('O', 'A')
                    union all select w.oid, 'rule', w.rulename, '', w.rulename from pg_rewrite w where w.ev_class = c.oid and w.ev_enabled in ('O', 'A')
                    union all select o.oid, 'constraint', o.conname, '', o.conname from pg_constraint o where o.conrelid = c.oid and o.contype not in ('n', 't')
                    union all select x.oid, 'unique index', x.relname, '', x.relname from pg_index i join pg_class x on x.oid = i.indexrelid
                        where i.indrelid = c.oid and i.indisunique
                            and not exists (select from pg_constraint o where o.conrelid = c.oid and o.conindid = x.oid)) as rule
                where name <> all ($4) and 'trigger ' || name || ' on slowlane.' || c.relname <> all ($2)
                order by rule.oid) as foreign_rules,
            array(select json_build_object('table', c.name, 'name', quote_ident(a.attname), 'type', y.typname,
                    'is_required', c.oid in (select oid from own) and a.attnotnull and not a.atthasdef and a.attidentity = '')
                from expected c join pg_attribute a on a.attrelid = c.oid join pg_type y on y.oid = a.atttypid
                where a.attnum > 0 and not a.attisdropped and 'column ' || c.name || '.' || a.attname || ' ' || y.typname <> all ($2)
                order by c.oid, a.attnum) as other_columns,
            array(select 'slowlane.' || relname from own where relreplident = 'n'
                and exists (select from pg_publication_tables p join pg_publication a on a.pubname = p.pubname
                    where p.schemaname = 'slowlane' and p.tablename = relname and (a.pubupdate or a.pubdelete)) order by 1) as unidentified_tables,
            array(select 'slowlane.' || c.relname || ' ' || l.pid from pg_locks l join own c on c.oid = l.relation and l.database = d.oid
                join pg_stat_activity b on b.pid = l.pid and b.usesysid is not null -- An autovacuum has no user, and makes way.
                where l.mode = 'AccessExclusiveLock' and l.granted and l.pid <> pg_backend_pid() order by 1) as locks,
            array(select relname from own where row_security_active(oid) order by 1) as filtered_tables,
            array(select relname from own
                where relkind = 'r' and not (has_table_privilege(oid, 'select')
                    and has_table_privilege(oid, 'insert') and has_table_privilege(oid, 'update') and has_table_privilege(oid, 'delete'))
                order by 1) as closed_tables
            from pg_database d left join pg_namespace n on n.nspname = 'slowlane' left join pg_roles r on r.rolname = $3
            where d.datname = current_database()) state
        """;

    /// <summary>The state now, compared with the tables that the engine and the job types expect.</summary>
    public static async Task<SchemaState> ReadAsync(NpgsqlConnection connection, ExpectedTables expected, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection)
        {
            CommandTimeout = Database.MaxStatementSeconds,
            Parameters =
            {
                new() { Value = SchemaObjects.Tables },
                new() { Value = expected.Parts },
                new() { Value = JobRole.Name },
                new() { Value = SchemaObjects.Rules },
                new() { Value = expected.Names },
                new() { Value = expected.Grants.Select(grant => grant.Kind).ToArray() },
                new() { Value = expected.Grants.Select(grant => grant.Schema).ToArray() },
                new() { Value = expected.Grants.Select(grant => grant.Name).ToArray() },
                new() { Value = expected.Grants.Select(grant => grant.Right).ToArray() },
            },
        };
        var state = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        return JsonSerializer.Deserialize(state, SchemaStateJson.Default.SchemaState)!;
    }
}
