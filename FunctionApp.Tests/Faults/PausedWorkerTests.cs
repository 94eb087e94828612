using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class PausedWorkerTests
{
    [Fact]
    public async Task Worker_PausedForLongerThanItsLease_WritesNothingWhenItGoesOn()
    {
        await using var cluster = await Cluster.StartAsync(lease: 1);
        var location = await cluster.SubmitAsync();
        var worker = cluster.StartWorker();
        await using (await cluster.LockAsync("profile"))
        {
            await cluster.UntilWaitsAsync("select id, data from profile");
            await ProcessTable.SignalAsync(worker.Id, "-STOP"); // As a frozen machine: its host, too, which would take the next message for it.
            await worker.Workers.SignalAsync("-STOP");
            await cluster.TakeBackAsync();
            await cluster.JoinAsync();
            await cluster.UntilAsync("fence = 2 from slowlane.job");
            Assert.Equal("running", await cluster.StatusAsync(location));
        }

        await cluster.SucceedsOnceAsync(location);
        await worker.Workers.SignalAsync("-CONT");
        await ProcessTable.SignalAsync(worker.Id, "-CONT");

        await worker.SaysAsync("lease lost, nothing written");
        await cluster.SucceedsOnceAsync(location);
        await cluster.UntilQueueIsEmptyAsync();
    }
}
