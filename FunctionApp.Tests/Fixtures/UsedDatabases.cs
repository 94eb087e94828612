using System.Collections.Concurrent;
using Npgsql;

namespace Slowlane.Tests.Fixtures;

/// <summary>
/// Databases that a test is done with, for another test: to make and to drop one costs as much as many a test, and so do the app's migrations.
/// What still is as the migrations left it keeps its schema, all else is emptied.
/// </summary>
internal static class UsedDatabases
{
    // Settings, grants and extensions are not looked for and undone: such a database is dropped.
    private const string IsPlain = """
        select d.datacl is null and d.datconnlimit < 0 and r.rolname = 'postgres'
            and not exists (select from pg_db_role_setting where setdatabase = d.oid)
            and not exists (select from pg_extension where extname <> 'plpgsql')
            and not exists (select from pg_largeobject_metadata)
            and not exists (select from pg_event_trigger)
            and not exists (select from pg_publication)
        from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = current_database()
        """;

    private const string EndOthers = """
        select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
        """;

    // All that a test may have changed of the app's tables, or left beside them.
    private const string Fingerprint = """
        with own as (select oid, nspname, nspacl, nspowner from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'),
        class as (select c.* from pg_class c join own on own.oid = c.relnamespace)
        select md5(string_agg(line, E'\n' order by line)) from (
            select concat_ws('|', nspname, nspacl, nspowner) line from own
            union all select concat_ws('|', oid::regclass, relkind, relowner, relacl, reloptions, relpersistence, relrowsecurity, relforcerowsecurity, reltablespace) from class
            union all select concat_ws('|', attrelid::regclass, attnum, attname, format_type(atttypid, atttypmod), attnotnull, attidentity, attgenerated, attacl,
                    pg_get_expr(adbin, adrelid))
                from pg_attribute join class on class.oid = attrelid left join pg_attrdef on adrelid = attrelid and adnum = attnum where attnum > 0
            union all select concat_ws('|', pg_get_indexdef(indexrelid), indisvalid) from pg_index join class on class.oid = indexrelid
            union all select concat_ws('|', conrelid::regclass, conname, convalidated, pg_get_constraintdef(k.oid)) from pg_constraint k join own on own.oid = connamespace
            union all select concat_ws('|', pg_get_triggerdef(t.oid), tgenabled) from pg_trigger t join class on class.oid = tgrelid where not tgisinternal
            union all select concat_ws('|', p.oid::regprocedure, prosrc, proacl, proowner, proconfig, prosecdef) from pg_proc p join own on own.oid = pronamespace
            union all select concat_ws('|', t.oid::regtype, typtype, typacl) from pg_type t join own on own.oid = typnamespace
            union all select concat_ws('|', polname, polrelid::regclass) from pg_policy
            union all select concat_ws('|', ev_class::regclass, rulename) from pg_rewrite join class on class.oid = ev_class
            union all select concat_ws('|', defaclrole, defaclnamespace::regnamespace, defaclobjtype, defaclacl) from pg_default_acl)
        """;

    private const string Seed = """
        select md5(string_agg(line, E'\n' order by line)) from (
            select name line from slowlane.migration union all select p::text from public.profile p union all select l::text from invoicing.line l)
        """;

    // Truncate creates new files for a table and its indexes, which takes longer than most tests. Rows of small tables are deleted instead.
    private const string ClearTables = """
        do $$
        declare
            used regclass;
        begin
            set local session_replication_role = replica; -- Neither triggers nor foreign keys: no cleared table refers to a kept one that changes.
            for used in select oid from pg_class
                where relkind = 'r' and relnamespace in (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema')
                and oid not in ('slowlane.migration'::regclass, 'public.profile'::regclass, 'invoicing.line'::regclass) and pg_relation_size(oid) > 0
            loop
                execute format(case when pg_relation_size(used) < 100000 then 'delete from %s' else 'truncate %s cascade' end, used);
            end loop;
            perform setval(seqrelid, seqstart, false) from pg_sequence where pg_sequence_last_value(seqrelid) is not null;
        end $$
        """;

    private const string DropAll = """
        do $$
        declare
            name text;
        begin
            for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
                execute format('drop schema %I cascade', name);
            end loop;
        end $$;
        create schema public authorization pg_database_owner;
        grant usage on schema public to public;

        """ + TestServices.LetJobsRead;

    private static readonly ConcurrentBag<string> Empty = [];
    private static readonly ConcurrentBag<string> Migrated = [];
    private static readonly Lazy<Task<(object? Fingerprint, object? Seed)>> AsMigrated = new(MigrateAsync);

    public static string? TakeEmpty() => Empty.TryTake(out var name) ? name : null;

    public static string? TakeMigrated() => Migrated.TryTake(out var name) ? name : null;

    /// <summary>Clears a database for another test, sessions or not. False: it can't be used again.</summary>
    public static async Task<bool> KeepAsync(string database)
    {
        try
        {
            await using var source = TestDatabase.Open(database + ";Pooling=false");
            await using var connection = await source.OpenConnectionAsync();
            if (await AskAsync(connection, IsPlain) is not true)
            {
                return false;
            }

            await AskAsync(connection, EndOthers);
            var isMigrated = await IsMigratedAsync(connection);
            await AskAsync(connection, isMigrated ? ClearTables : DropAll);
            (isMigrated ? Migrated : Empty).Add(connection.Database);
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // It takes no connections, or has more than one transaction can drop.
        }
    }

    private static async Task<bool> IsMigratedAsync(NpgsqlConnection connection)
    {
        var (fingerprint, seed) = await AsMigrated.Value;
        return Equals(await AskAsync(connection, Fingerprint), fingerprint) && Equals(await AskAsync(connection, Seed), seed);
    }

    private static async Task<(object? Fingerprint, object? Seed)> MigrateAsync()
    {
        var database = await TestDatabase.CreateAsync();
        await AppMigrations.Of(database.Source).MigrateAsync(CancellationToken.None);
        await using var connection = await database.Source.OpenConnectionAsync();
        return (await AskAsync(connection, Fingerprint), await AskAsync(connection, Seed));
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Constants of this class.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync();
    }
}
