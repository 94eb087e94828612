using System.Globalization;
using Slowlane.Execution;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class ComputeLanesTests
{
    private const int Batch = 3; // SCHED_BATCH

    [Fact]
    public async Task Computation_RunsOnAThreadOfItsOwn()
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var lane = await lanes.ReserveAsync(Cancellation);

        var (name, pool) = await lane.RunAsync(() => (Thread.CurrentThread.Name, Thread.CurrentThread.IsThreadPoolThread), Cancellation);

        Assert.StartsWith("lane", name, StringComparison.Ordinal);
        Assert.False(pool);
    }

    [Fact]
    public async Task Computation_OnLinux_GoesBehindEveryOtherThreadOfItsProcess()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux has a policy for each thread.");
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var lane = await lanes.ReserveAsync(Cancellation);

        Assert.Equal(Batch, await lane.RunAsync(Policy, Cancellation));
        Assert.NotEqual(Batch, await Task.Run(Policy, Cancellation));

        // proc(5): the 41st field, counted from the third, which follows the name in parentheses.
        static int Policy()
        {
            var stat = File.ReadAllText("/proc/thread-self/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[38], CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Reservation_WhenAllLanesAreTaken_WaitsForOneToComeBack()
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        var first = await lanes.ReserveAsync(Cancellation);

        var second = lanes.ReserveAsync(Cancellation);
        Assert.False(second.IsCompleted);
        first.Dispose();

        using var lane = await second;
        Assert.Equal(1, await lane.RunAsync(() => 1, Cancellation));
    }

    [Fact]
    public async Task Failure_OfAComputation_ReachesItsCallerAndLeavesTheLaneUsable()
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using (var lane = await lanes.ReserveAsync(Cancellation))
        {
            await Assert.ThrowsAsync<FormatException>(() => lane.RunAsync<int>(() => throw new FormatException(), Cancellation));
        }

        using var again = await lanes.ReserveAsync(Cancellation);
        Assert.Equal(1, await again.RunAsync(() => 1, Cancellation));
    }

    [Fact]
    public async Task Computation_ThatHeedsItsToken_IsCancelledAndKeepsItsLane()
    {
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var cancel = new CancellationTokenSource();
        using (var lane = await lanes.ReserveAsync(Cancellation))
        {
            var running = lane.RunAsync<int>(
                () =>
                {
                    cancel.Token.WaitHandle.WaitOne();
                    throw new OperationCanceledException(cancel.Token);
                },
                cancel.Token);
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.Equal(0, lanes.Abandoned);
    }

    [Fact]
    public async Task Computation_ThatIgnoresItsToken_LosesItsLaneToANewThread()
    {
        var time = new TestTime();
        using var lanes = new ComputeLanes(1, time);
        using var cancel = new CancellationTokenSource();
        using var release = new ManualResetEventSlim();
        var stuck = await lanes.ReserveAsync(Cancellation);
        var running = stuck.RunAsync(
            () =>
            {
                release.Wait();
                return 0;
            },
            cancel.Token);

        await cancel.CancelAsync();
        await time.TimerStartedAsync(Cancellation);
        time.Advance(Lane.Grace);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        stuck.Dispose();

        Assert.Equal(1, lanes.Abandoned);
        using var fresh = await lanes.ReserveAsync(Cancellation);
        Assert.Equal(1, await fresh.RunAsync(() => 1, Cancellation));

        release.Set();
        await Eventually.HoldsAsync(() => lanes.Abandoned == 0, "the computation has ended after all");
    }

    [Fact]
    public async Task Fetch_ThatIgnoresItsToken_IsLeftToItselfAndItsLaneComputesOn()
    {
        var time = new TestTime();
        using var lanes = new ComputeLanes(1, time);
        using var cancel = new CancellationTokenSource();
        using var lane = await lanes.ReserveAsync(Cancellation);
        var fetch = new TaskCompletionSource<int>();
        var waiting = lane.WaitOrAbandonAsync(fetch.Task, cancel.Token);

        await cancel.CancelAsync();
        await time.TimerStartedAsync(Cancellation);
        time.Advance(Lane.Grace * 2);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.Equal(1, lanes.Abandoned);
        Assert.Equal(1, await lane.RunAsync(() => 1, Cancellation));
        fetch.SetResult(0);
        await Eventually.HoldsAsync(() => lanes.Abandoned == 0, "the fetch has ended after all");
    }
}
