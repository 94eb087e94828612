using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Slowlane.Resilience;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Host=h", 5)]
    [InlineData("Host=h;Timeout=40", 40)]
    public async Task Connecting_GivesUpSoonUnlessToldOtherwise(string text, int seconds)
    {
        await using var source = Database.Open(new SlowlaneOptions { Database = text, Storage = "" });

        Assert.Equal(seconds, new NpgsqlConnectionStringBuilder(source.ConnectionString).Timeout);
    }

    [Fact]
    public async Task StatementsOfJobs_HaveNoTimeLimitButDeadLinesAreNoticed()
    {
        await using var source = Database.Open(new SlowlaneOptions { Database = "Host=h;Command Timeout=7", Storage = "" });

        var settings = new NpgsqlConnectionStringBuilder(source.ConnectionString);
        Assert.Equal((0, true), (settings.CommandTimeout, settings.TcpKeepAlive));
    }

    [Theory]
    [InlineData("Host=h", 40)]
    [InlineData("Host=h;Max Auto Prepare=0", 0)]
    public async Task Statements_AreKeptInTheirSessionsUnlessToldOtherwise(string text, int kept)
    {
        await using var source = Database.Open(new SlowlaneOptions { Database = text, Storage = "" });

        Assert.Equal(kept, new NpgsqlConnectionStringBuilder(source.ConnectionString).MaxAutoPrepare);
    }

    [Fact]
    public async Task Statement_KeptWhenItsTableIsAltered_IsTakenForAnOutageAndThenRuns()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table changing as select 1 as one");
        await using var source = Database.Open(new SlowlaneOptions { Database = database.ConnectionString + ";Maximum Pool Size=1;Auto Prepare Min Usages=1", Storage = "" });
        Assert.Equal(1, await ReadAsync(source));

        await database.ExecuteAsync("alter table changing add two integer");

        Assert.True(Outage.Is(await Assert.ThrowsAsync<PostgresException>(() => ReadAsync(source))));
        Assert.Equal(2, await ReadAsync(source));
    }

    private static async Task<int> ReadAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("select * from changing");
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        return reader.FieldCount;
    }

    [Fact]
    public async Task Callers_OfADatabaseThatNeverAnswers_WaitForOneAttemptAndNotForEachOthers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(); // The backlog takes the connections.
        var options = new SlowlaneOptions { Database = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=u;Database=d;Timeout=1", Storage = "" };
        await using var source = Database.Open(options);
        using var database = new Database(source, AppMigrations.Of(source, samples: false), TimeProvider.System);
        var start = Stopwatch.GetTimestamp();

        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(async () => await database.ReadyAsync(TestContext.Current.CancellationToken))));

        Assert.All(failures, e => Assert.IsType<NpgsqlException>(e));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10)); // Twenty attempts would take twenty seconds.
    }
}
