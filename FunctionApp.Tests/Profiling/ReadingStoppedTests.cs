using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>A limit of the server that stops a profile's reading is named, wherever it strikes.</summary>
public sealed class ReadingStoppedTests
{
    private const string Slow = "create view slow as select pg_sleep(0.01) || '' as n from generate_series(1, 100000)";

    /// <summary>Longer than the limit of the tests.</summary>
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(400);

    [Theory]
    [InlineData("transaction_timeout", "500ms", Slow)]
    [InlineData("statement_timeout", "500ms", Slow)]
    [InlineData("temp_file_limit", "64kB", "create view slow as select n from generate_series(1, 1000000) n order by random()")]
    public async Task Profile_ThatALimitOfTheServerStops_NamesTheLimitAndMayPass(string setting, string value, string sql)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(sql);

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"slow"}""", $";Options=-c {setting}={value} -c work_mem=64kB"));

        Assert.Equal(("reading-stopped", true), (failure.Code, failure.IsTransient));
        Assert.Contains($"raise {setting} of the app's database user", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coordinator_WhoseSnapshotTheServerEnds_NamesTheLimitAndMayPass()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n from generate_series(1, 20000) n");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Options=-c transaction_timeout=500ms");
        await using var services = new ServiceCollection().AddSingleton<ProfileJob>().BuildServiceProvider();
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var lane = await lanes.ReserveAsync(Cancellation);
        var handler = new PartitionedJobHandler<ProfileJob, ProfileInput, ProfileChunk, ProfileReport>("profile");

        var failure = await Assert.ThrowsAsync<JobException>(() => handler.RunAsync(services, """{"table":"t","partitions":2}""", source, lane, ProfileRun.Context(Cancellation), new Waiting()));

        Assert.Equal(("reading-stopped", true), (failure.Code, failure.IsTransient));
        Assert.Contains("transaction_timeout", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Coordinator_WhoseSnapshotIsIdleByDesign_OutlivesTheLimitOfIdleTransactions()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=100ms");
        await using var coordinator = await source.OpenConnectionAsync(Cancellation);
        await using var worker = await source.OpenConnectionAsync(Cancellation);

        await using var snapshot = await Snapshot.ExportAsync(coordinator, Cancellation);
        await using var entered = await Snapshot.EnterAsync(worker, snapshot.Name, Cancellation);
        await Task.Delay(Idle, Cancellation);
        await snapshot.KeepAsync(Cancellation);

        await using var ask = new NpgsqlCommand("select 1", worker, entered);
        Assert.Equal(1, await ask.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Profile_WhoseComputationIsBehindItsReading_OutlivesTheLimitOfIdleTransactions()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select 1 as n");
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Options=-c idle_in_transaction_session_timeout=100ms");
        await using var connection = await source.OpenConnectionAsync(Cancellation);

        var chunks = 0;
        await foreach (var chunk in ProfileRun.Job.FetchAsync(ProfileRun.Parse("""{"table":"t"}""").Input, connection, Cancellation))
        {
            chunks++;
            await Task.Delay(Idle, Cancellation); // What computes takes its time.
        }

        Assert.Equal(2, chunks);
    }

    /// <summary>Workers that never finish, while the coordinator keeps the snapshot.</summary>
    private sealed class Waiting : IFanOut
    {
        public async Task<IReadOnlyList<byte[]>> ComputeAsync(IReadOnlyList<string> ranges, Snapshot snapshot)
        {
            while (true)
            {
                await snapshot.KeepAsync(Cancellation);
            }
        }
    }
}
