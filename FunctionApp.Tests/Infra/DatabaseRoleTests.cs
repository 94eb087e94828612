using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Infra;

/// <summary>The hook's SQL on a server of its own, whose administrator is no superuser, as Azure's isn't.</summary>
public sealed class DatabaseRoleTests
{
    // Azure's own, as far as it can be told from outside: a role that may log in.
    private const string Azure = """
        create function pgaadauth_create_principal_with_oid(role_name text, object_id text, object_type text, is_admin boolean, is_mfa boolean)
        returns text language plpgsql security definer as $$
        begin
            execute format('create role %I login password %L', role_name, 'x');
            return role_name;
        end
        $$;
        create role azure_pg_admin nologin;
        create role administrator login createrole password 'x' in role azure_pg_admin;
        """;

    [Fact]
    public async Task TheHook_GivesTheAppsRoleWhatItsMigrationsNeed()
    {
        await using var services = await DevelopmentServices.StartAsync(new ServicesOptions { Ephemeral = true, Storage = false, Log = _ => { } }, Cancellation);
        await ExecuteAsync(services.Database, Azure);
        await ExecuteAsync(services.Database, "create database app owner azure_pg_admin");
        var hook = (await File.ReadAllTextAsync(Path.Combine(Compiled.Folder, "hooks", "database-role.sql"), Cancellation))
            .Replace(":'role'", "'id-sample'", StringComparison.Ordinal)
            .Replace(":'oid'", "'11111111-2222-3333-4444-555555555555'", StringComparison.Ordinal)
            .Replace(":'database'", "'app'", StringComparison.Ordinal);
        var administrator = new NpgsqlConnectionStringBuilder(services.Database) { Username = "administrator", Password = "x", Pooling = false }.ConnectionString;

        await ExecuteAsync(administrator, hook);
        await ExecuteAsync(administrator, hook); // It may run at every deployment.

        var options = new SlowlaneOptions
        {
            Database = new NpgsqlConnectionStringBuilder(services.Database) { Username = "id-sample", Password = "x", Database = "app", Pooling = false }.ConnectionString,
            Storage = "",
        };
        await using var source = Database.Open(options);
        await AppMigrations.Of(source, samples: false).MigrateAsync(Cancellation);
        await ExecuteAsync(options.Database, "set role slowlane_job");
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
