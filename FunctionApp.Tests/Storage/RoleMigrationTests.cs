using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

/// <summary>Makes the role, which belongs to the whole server: so this needs a server of its own.</summary>
public sealed class RoleMigrationTests
{
    [Fact]
    public async Task Migration_ByAUserWhoMayNotMakeTheRole_SaysWhatToRunAndPassesThen()
    {
        await using var services = await DevelopmentServices.StartAsync(new ServicesOptions { Ephemeral = true, Storage = false, Log = _ => { } }, Cancellation);
        await ExecuteAsync(services.Database, "create role plain login password 'x'");
        await ExecuteAsync(services.Database, "create database plain owner plain");
        var plain = new NpgsqlConnectionStringBuilder(services.Database) { Username = "plain", Password = "x", Database = "plain", Pooling = false }.ConnectionString;

        var refused = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => MigrateAsync(plain));
        Assert.True(Outage.OfDatabase(refused)); // So jobs wait, uncharged.
        Assert.Contains("administrator: create role slowlane_job nologin noinherit; grant slowlane_job to plain;", refused.Message, StringComparison.Ordinal);

        await ManyAtOnceMakeTheRoleAsync(services);

        refused = await Assert.ThrowsAsync<DatabaseNotReadyException>(() => MigrateAsync(plain));
        Assert.Contains("administrator: grant slowlane_job to plain;", refused.Message, StringComparison.Ordinal);

        await ExecuteAsync(services.Database, "grant slowlane_job to plain");
        await MigrateAsync(plain);
    }

    // As users who may make roles but are no superusers: they must be granted what they have made.
    private static async Task ManyAtOnceMakeTheRoleAsync(DevelopmentServices services)
    {
        const int count = 6;
        await ExecuteAsync(services.Database, "create role maker login createrole password 'x'");
        for (var i = 0; i < count; i++)
        {
            await ExecuteAsync(services.Database, $"create database made{i} owner maker");
        }

        string Made(int i) => new NpgsqlConnectionStringBuilder(services.Database) { Username = "maker", Password = "x", Database = $"made{i}", Pooling = false }.ConnectionString;

        await Task.WhenAll(Enumerable.Range(0, count).Select(i => MigrateAsync(Made(i))));

        await ExecuteAsync(Made(0), "set role slowlane_job");
    }

    private static async Task MigrateAsync(string database)
    {
        var options = new SlowlaneOptions { Database = database, Storage = "" };
        await using var source = Database.Open(options);
        await AppMigrations.Of(source).MigrateAsync(Cancellation);
    }

    private static async Task ExecuteAsync(string database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
