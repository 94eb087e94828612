using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class MigratorTests
{
    [Fact]
    public async Task Migration_ByManyProcessesAtOnce_IsAppliedOnce()
    {
        await using var database = await TestDatabase.CreateAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(database, samples: true)));

        var names = await database.QueryAsync<string[]>("select array_agg(name order by name) from slowlane.migration");
        Assert.Equal(["0001_jobs", "0002_profile", "0003_cancel", "0004_list", "0005_notify", "0006_role", "0007_result_blob", "0008_poison", "0009_pause", "0010_parts", "0011_trace", "0012_growth", "invoice_1_tables", "profile_2_grants", "profile_3_row_security", "profile_4_where", "profile_5_sample", "profile_6_other_columns", "profile_7_baseline", "sample_spin", "sample_spin_2_grants"], names);
    }

    [Fact]
    public async Task Migration_ThatTheDatabaseRefuses_IsNamedInTheLog()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create schema invoicing");
        using var lines = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        var migrator = new Migrator(new DatabasePools(database.Source, database.Source), [AppMigrations.Profile, AppMigrations.Samples], loggers.CreateLogger<Migrator>());

        await Assert.ThrowsAsync<DatabaseNotReadyException>(() => migrator.MigrateAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<DatabaseNotReadyException>(() => migrator.MigrateAsync(TestContext.Current.CancellationToken));

        Assert.Single(lines.With("Migration invoice_1_tables can't be applied: schema \"invoicing\" already exists")); // Once, as long as the reason is the same.
    }

    [Fact]
    public async Task Migration_OfADatabaseWithAnotherIsolationLevel_SaysWhatToRunUntilItIs()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"alter database {database.Name} set default_transaction_isolation = 'serializable'");

        var remedy = $"alter role postgres in database {database.Name} set default_transaction_isolation = 'read committed'";
        Assert.EndsWith(remedy, Assert.Single(await LinesAsync(database, "default_transaction_isolation")).Text, StringComparison.Ordinal);
        await database.ExecuteAsync(remedy);
        Assert.Empty(await LinesAsync(database, "default_transaction_isolation"));
    }

    [Fact]
    public async Task Migration_WithoutSamples_MakesNoSampleTables()
    {
        await using var database = await TestDatabase.CreateAsync();

        await MigrateAsync(database, samples: false);

        Assert.Equal(0, await database.QueryAsync<long>("select count(*) from pg_tables where schemaname = 'public'"));
    }

    [Fact]
    public async Task Migration_OverTablesOfTheSamplesThatAreThereAlready_KeepsThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table profile (id integer primary key, data text not null); insert into profile values (1, 'mine')");

        await MigrateAsync(database, samples: true);

        Assert.Equal("mine", await database.QueryAsync<string>("select string_agg(data, ',') from profile"));
    }

    [Fact]
    public async Task Migration_OverSamplesFromBeforeTheRole_LetsJobsUseThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await MigrateAsync(database, samples: true);
        await database.ExecuteAsync("revoke all on profile, result, result_id_seq from slowlane_job; delete from slowlane.migration where name = 'sample_spin_2_grants'");

        await MigrateAsync(database, samples: true);

        await database.ExecuteAsync("set role slowlane_job; insert into result (batch, job, profile_id, value) select '', 0, id, data from profile; reset role");
        Assert.Equal(1000, await database.QueryAsync<long>("select count(*) from result"));
    }

    private static async Task<List<LogLine>> LinesAsync(TestDatabase database, string text)
    {
        using var lines = new LogLines();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(lines));
        await using var source = Database.Open(new SlowlaneOptions { Database = database.ConnectionString, Storage = "" });
        await new Migrator(new DatabasePools(source, source), [], loggers.CreateLogger<Migrator>()).MigrateAsync(TestContext.Current.CancellationToken);
        return lines.With(text);
    }

    private static async Task MigrateAsync(TestDatabase database, bool samples)
    {
        var options = new SlowlaneOptions { Database = database.ConnectionString, Storage = "" };
        await using var source = Database.Open(options);
        await AppMigrations.Of(source, samples).MigrateAsync(CancellationToken.None);
    }
}
