using Npgsql;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>A server that answers and takes no writes.</summary>
[Collection(nameof(OwnServers))]
public sealed class DatabaseHealthTests(OwnServers servers)
{
    [Fact]
    public async Task Health_OfAStandby_SaysThatReadingWorksUntilItIsPromoted()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using (await servers.StopDatabaseAsync("-INT"))
        {
            var signal = Path.Combine(servers.DataFolder, "standby.signal");
            await File.WriteAllTextAsync(signal, "", Cancellation);
            await SmallDisk.RunAsync("chown", $"--reference={servers.DataFolder}", signal);
        }

        try
        {
            await HealthAsync(cluster, "Reading works, writing does not: the server is a standby. Let Slowlane__Database name the primary,");
        }
        finally
        {
            await cluster.ExecuteAsync("select pg_promote()");
        }

        await HealthAsync(cluster, "");
    }

    [Fact]
    public async Task Health_WhileTheDiskIsFull_SaysThatReadingWorks()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using var disk = await SmallDisk.MountAsync(Path.Combine(servers.DataFolder, "pg_snapshots"), servers.DataFolder);
        disk.Fill();

        await HealthAsync(cluster, "Reading works, writing does not: could not write to file ");
        disk.Free();

        await HealthAsync(cluster, "");
    }

    [Fact]
    public async Task Job_WhoseEndCannotBeNotified_IsWrittenUnchargedOnceTheQueueOfNotificationsIsReadAgain()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using (await SmallQueueAsync(cluster))
        {
            await using var worker = await cluster.JoinAsync();
            await using var holder = await cluster.Sql.OpenConnectionAsync(Cancellation);
            await ExecuteAsync(holder, "listen held");
            await ExecuteAsync(holder, "begin");
            await ExecuteAsync(holder, "select 1");
            var full = await Assert.ThrowsAsync<PostgresException>(() => NotifyAsync(cluster));
            Assert.Equal("PreCommit_Notify", full.Routine);

            var location = await cluster.SubmitAsync();
            var succeeds = cluster.SucceedsOnceAsync(location); // It waits, so that the job's end is notified.
            await HealthAsync(cluster, "Reading works, writing does not: the server's queue of notifications is full. ");
            await Eventually.SeesAsync(() => cluster.StatusAsync(location), seen => seen is "running", "running");
            await ExecuteAsync(holder, "rollback");

            await succeeds;
            await HealthAsync(cluster, "");
        }
    }

    // A queue of 8 GB, PostgreSQL's default, takes long to fill.
    private async Task<IAsyncDisposable> SmallQueueAsync(Cluster cluster)
    {
        await cluster.ExecuteAsync("alter system set max_notify_queue_pages = 64");
        await servers.RestartDatabaseAsync("-INT");
        return new Afterwards(async () =>
        {
            await cluster.ExecuteAsync("alter system reset max_notify_queue_pages");
            await servers.RestartDatabaseAsync("-INT");
        });
    }

    // One by one, as only what is committed is read.
    private static async Task NotifyAsync(Cluster cluster)
    {
        await using var connection = await cluster.Sql.OpenConnectionAsync(Cancellation);
        for (var i = 0; i < 200; i++)
        {
            await ExecuteAsync(connection, "select pg_notify('held', repeat('x', 7900))");
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // A test's own words.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static Task<string> HealthAsync(Cluster cluster, string reason) => Eventually.SeesAsync(
        cluster.Front.DatabaseReasonAsync, seen => reason.Length == 0 ? seen.Length == 0 : seen.Contains(reason, StringComparison.Ordinal), reason);

    private sealed class Afterwards(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}
