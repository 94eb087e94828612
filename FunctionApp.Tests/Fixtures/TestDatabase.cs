using System.Collections.Concurrent;
using Npgsql;

namespace Slowlane.Tests.Fixtures;

/// <summary>A PostgreSQL database of a test's own. Emptied at its end for another test: to make one and to drop it costs as much as many a test.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    // Settings, grants and extensions are not looked for and undone: such a database is dropped.
    private const string Empty = """
        select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid();
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

    private const string IsPlain = """
        select d.datacl is null and d.datconnlimit < 0 and r.rolname = 'postgres'
            and not exists (select from pg_db_role_setting where setdatabase = d.oid)
            and not exists (select from pg_extension where extname <> 'plpgsql')
            and not exists (select from pg_largeobject_metadata)
            and not exists (select from pg_event_trigger)
            and not exists (select from pg_publication)
        from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = current_database()
        """;

    private static readonly ConcurrentBag<string> Emptied = [];

    private readonly string _admin;
    private readonly string _name;

    private TestDatabase(string admin, string name)
    {
        _admin = admin;
        _name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(admin) { Database = name, IncludeErrorDetail = true }.ConnectionString;
        Source = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name => _name;

    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        var admin = await TestServices.DatabaseAsync();
        if (!Emptied.TryTake(out var name))
        {
            name = "test_" + Guid.NewGuid().ToString("N");
            await ExecuteAsync(admin, $"CREATE DATABASE {name}");
        }

        return new TestDatabase(admin, name);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Replaces it by an empty one of the same name, sessions or not.</summary>
    public async Task ReplaceAsync()
    {
        await ExecuteAsync(_admin, $"DROP DATABASE {_name} WITH (FORCE)");
        await ExecuteAsync(_admin, $"CREATE DATABASE {_name}");
        Source.Clear();
    }

    /// <summary>Has sessions that begin from here on join row by row, in the order in which a statement is given its rows.</summary>
    public Task JoinInOrderAsync() => ExecuteAsync(string.Concat(
        ((string[])["hashjoin", "mergejoin", "seqscan", "bitmapscan"]).Select(way => $"alter database {_name} set enable_{way} = off;")));

    public async Task<T> QueryAsync<T>(string sql)
    {
        await using var command = Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (await IsEmptiedAsync())
        {
            Emptied.Add(_name);
            return;
        }

        await ExecuteAsync(_admin, $"DROP DATABASE {_name} WITH (FORCE)");
    }

    private async Task<bool> IsEmptiedAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString);
            await connection.OpenAsync();
            await using var plain = new NpgsqlCommand(IsPlain, connection);
            if (await plain.ExecuteScalarAsync() is not true)
            {
                return false;
            }

            await using var empty = new NpgsqlCommand(Empty, connection);
            await empty.ExecuteNonQueryAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false; // It takes no connections, or has more than one transaction can drop.
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The name is made above, from a GUID.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
