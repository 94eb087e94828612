using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>PostgreSQL stopped, for real, at each step of an attempt.</summary>
[Collection(nameof(OwnServers))]
public sealed class DatabaseOutageTests(OwnServers servers)
{
    private const string StallAtCommit = """
        create function stall() returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(7); return null; end $$;
        create constraint trigger stall after insert on result deferrable initially deferred for each row execute function stall()
        """;

    [Fact]
    public async Task Database_StoppedBetweenSubmitAndClaim_IsWaitedFor()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var worker = cluster.StartWorker();
        string location;
        await using (await servers.StopDatabaseAsync("-INT"))
        {
            location = await cluster.SubmitAsync();
            await worker.SaysAsync("The database can't be reached");
            Assert.Equal("503", await cluster.StatusAsync(location));
        }

        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("0 0", await cluster.AskAsync<string>("select outages || ' ' || lost_leases from slowlane.job"));
        Assert.False(worker.HasExited);
    }

    [Fact]
    public async Task Database_StoppedWhenJobsAreAccepted_HasThemRecordedOnceItIsBack()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await using (await servers.StopDatabaseAsync("-INT"))
        {
            await cluster.SubmitAsync(1);
            await cluster.SubmitAsync(2);
        }

        await cluster.UntilAsync("count(*) = 2 from slowlane.job where status = 'queued'");
    }

    [Fact]
    public async Task Database_StoppedForLongerThanALeaseWhileAJobComputes_CostsNoAttemptAndTheJobIsWrittenOnce()
    {
        await using var cluster = await Cluster.StartOnAsync(servers, lease: 1);
        var worker = cluster.StartWorker();
        var location = await cluster.SubmitAsync(spinMs: 800);
        await cluster.UntilAsync("progress > 0 from slowlane.job");
        var claimed = await cluster.AskAsync<DateTime>("select lease_until from slowlane.job");
        await using (await servers.StopDatabaseAsync("-QUIT"))
        {
            await worker.SaysAsync("a heartbeat was missed");
            await worker.SaysAsync("The database can't be reached"); // It is done, and can't write.
            await Eventually.HoldsAsync(() => DateTime.UtcNow > claimed.AddSeconds(1));
        }

        await cluster.SucceedsOnceAsync(location);
    }

    [Fact]
    public async Task Database_CrashedAtACommit_HasTheJobWrittenOnce()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        await cluster.ExecuteAsync(StallAtCommit);
        await cluster.JoinAsync();
        var location = await cluster.SubmitAsync();
        await using (await cluster.HoldAsync("select pg_advisory_xact_lock(7)"))
        {
            await cluster.UntilWaitsAsync("commit");
            await servers.RestartDatabaseAsync("-QUIT");
        }

        await cluster.SucceedsOnceAsync(location);
    }

    [Fact]
    public async Task Database_RestartedUnderLoad_HasEachJobWrittenOnceAndNoneCharged()
    {
        const int Jobs = 20;
        await using var cluster = await Cluster.StartOnAsync(servers);
        await cluster.JoinAsync();
        for (var job = 1; job <= Jobs; job++)
        {
            await cluster.SubmitAsync(job, spinMs: 50);
        }

        await cluster.UntilAsync("count(*) > 2 from slowlane.job where status = 'succeeded'");
        await servers.RestartDatabaseAsync("-INT");

        await cluster.UntilAsync($"count(*) = {Jobs} from slowlane.job where status = 'succeeded'");
        await cluster.WrittenOnceAsync(Jobs);
        Assert.Equal(1, await cluster.AskAsync<int>("select max(attempt) from slowlane.job"));
    }
}
