using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Storage;
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

    [Fact]
    public async Task Callers_OfADatabaseThatNeverAnswers_WaitForOneAttemptAndNotForEachOthers()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start(); // The backlog takes the connections.
        var options = new SlowlaneOptions { Database = $"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=u;Database=d;Timeout=1", Storage = "" };
        await using var source = Database.Open(options);
        using var database = new Database(source, new Migrator(source, options, NullLogger<Migrator>.Instance));
        var start = Stopwatch.GetTimestamp();

        var failures = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await Record.ExceptionAsync(async () => await database.ReadyAsync(TestContext.Current.CancellationToken))));

        Assert.All(failures, e => Assert.IsType<NpgsqlException>(e));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(10)); // Twenty attempts would take twenty seconds.
    }
}
