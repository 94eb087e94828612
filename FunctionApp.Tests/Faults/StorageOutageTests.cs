using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>Azurite stopped, for real, at each step of a message.</summary>
[Collection(nameof(OwnServers))]
public sealed class StorageOutageTests(OwnServers servers)
{
    [Fact]
    public async Task Storage_StoppedWhileAWorkerWaitsForMessages_IsWaitedFor()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var worker = cluster.StartWorker();
        await cluster.SucceedsOnceAsync(await cluster.SubmitAsync());
        await using (await servers.StopStorageAsync())
        {
            using var refused = await cluster.Front.PostAsync("/api/jobs/spin", """{"id":1}""");
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        var location = await cluster.SubmitAsync(job: 2);
        await cluster.SucceedsOnceAsync(location, rows: 2);
        Assert.False(worker.HasExited);
        Assert.Single(worker.Workers.All);
    }

    [Fact]
    public async Task Worker_StartedWhileStorageIsDown_RunsJobsOnceItIsBack()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var location = await cluster.SubmitAsync();
        var outage = await servers.StopStorageAsync();
        HostProcess worker;
        await using (outage)
        {
            worker = cluster.StartWorker();
            await worker.SaysAsync("Storage can't be used: queues, timers and orchestrations start once it can.");
        }

        await cluster.SucceedsOnceAsync(location);
        Assert.False(worker.HasExited);
    }

    [Fact]
    public async Task Storage_StoppedBeforeAMessageIsDeleted_HasItsJobWrittenOnceWhateverBecomesOfTheMessage()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var worker = cluster.StartWorker();
        var location = await cluster.SubmitAsync();
        IAsyncDisposable outage;
        await using (await cluster.LockAsync("profile"))
        {
            await cluster.UntilWaitsAsync("select id, data from profile");
            outage = await servers.StopStorageAsync();
        }

        await using (outage)
        {
            await cluster.SucceedsOnceAsync(location);
        }

        // Deleted late, or shown once more: after ten minutes by the platform, here by a copy.
        await cluster.Queue.SendMessageAsync(Envelope.WithInput(JobId.TryParse(location[^40..], out var id) ? id : default, "spin", """{"id":1,"batch":"b","job":1,"spin_ms":1}"""u8), cancellationToken: Cancellation);
        await cluster.SucceedsOnceAsync(await cluster.SubmitAsync(job: 2), rows: 2);
        await Eventually.HoldsAsync(async () => (await cluster.Queue.PeekMessagesAsync(32, Cancellation)).Value.Length == 0);
        await cluster.WrittenOnceAsync(2);
        Assert.False(worker.HasExited);
    }

    [Fact]
    public async Task Worker_ToldToStopWhileStorageIsDown_EndsWellAndHandsItsJobBack()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var worker = cluster.StartWorker();
        await cluster.SubmitAsync(spinMs: 60_000);
        await cluster.UntilAsync("progress > 0 from slowlane.job");
        await using (await servers.StopStorageAsync())
        {
            Assert.Equal(0, await worker.SignalAsync("-TERM"));
            Assert.Equal("queued 0", await cluster.AskAsync<string>("select status || ' ' || attempt from slowlane.job"));
            Assert.DoesNotContain("Unhandled", worker.Output, StringComparison.Ordinal);
        }
    }
}
