using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Settings;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class WorkerRecyclerTests
{
    [Fact]
    public async Task Process_WithTooManyLostComputations_EndsOnceWithTheCodeForARestart()
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        var process = new Process();
        var options = new SlowlaneOptions { Storage = "", Database = "", MaxLostLanes = 2 };
        using var parts = new PartitionLanes(options, TimeProvider.System);
        var recycling = new WorkerRecycler(lanes, parts, options, process, NullLogger<WorkerRecycler>.Instance);
        var (over, stuck) = (new TaskCompletionSource(), new TaskCompletionSource());

        lanes.Abandon(over.Task);
        over.SetResult();
        await over.Task;
        lanes.Abandon(stuck.Task);
        recycling.RecycleIfNeeded();
        Assert.Equal(0, process.Stops);

        lanes.Abandon(stuck.Task);
        recycling.RecycleIfNeeded();
        recycling.RecycleIfNeeded();
        Assert.Equal((1, 200), (process.Stops, Environment.ExitCode));
        Environment.ExitCode = 0;
    }

    private sealed class Process : IHostApplicationLifetime
    {
        public int Stops { get; private set; }

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => Stops++;
    }
}
