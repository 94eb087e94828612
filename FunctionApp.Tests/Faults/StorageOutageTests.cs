using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>Azurite stopped, for real, at each step of a message.</summary>
[Collection(nameof(OwnServers))]
public sealed class StorageOutageTests(OwnServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storage_StoppedWhileAWorkerWaitsForMessages_IsWaitedFor()
    {
        await using var cluster = await Cluster.StartOnAsync(servers);
        var worker = cluster.StartWorker();
        await cluster.SucceedsOnceAsync(await cluster.SubmitAsync());
        await using (await servers.StopStorageAsync())
        {
            await worker.SaysAsync("can't be reached", Cancellation);
            using var refused = await cluster.Front.PostAsync("/api/jobs/spin", """{"id":1}""");
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        var location = await cluster.SubmitAsync(job: 2);
        await cluster.SucceedsOnceAsync(location, rows: 2);
        await worker.SaysAsync("The queues are reached again", Cancellation);
        Assert.False(worker.HasExited);
    }

    [Fact]
    public async Task Storage_StoppedBeforeAMessageIsDeleted_HasItsJobWrittenOnceAndTheMessageDroppedLater()
    {
        await using var cluster = await Cluster.StartOnAsync(servers, settings: ("AzureFunctionsJobHost__extensions__queues__invisibility", "00:00:04"));
        var worker = cluster.StartWorker();
        var location = await cluster.SubmitAsync();
        IAsyncDisposable outage;
        await using (await cluster.LockAsync("profile"))
        {
            await cluster.UntilWaitsAsync("select data from profile");
            outage = await servers.StopStorageAsync();
        }

        await using (outage)
        {
            await cluster.SucceedsOnceAsync(location);
            await worker.SaysAsync("could not be settled", Cancellation);
        }

        Assert.False(worker.HasExited);
        await cluster.UntilQueueIsEmptyAsync();
        await cluster.SucceedsOnceAsync(location);
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
            await worker.SaysAsync("can't be reached", Cancellation);

            Assert.Equal(0, await worker.SignalAsync("-TERM"));
            Assert.Equal("queued 0", await cluster.AskAsync<string>("select status || ' ' || attempt from slowlane.job"));
            Assert.DoesNotContain("Unhandled", worker.Output, StringComparison.Ordinal);
        }
    }
}
