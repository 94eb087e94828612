using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Execution;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class CancelWatchTests
{
    [Fact]
    public async Task Wish_ThatComesWhileTheDatabaseIsBroken_IsMetOnceItIsBack()
    {
        await using var stores = await TestStores.CreateAsync();
        var (asked, other) = (await stores.ClaimNewAsync(), await stores.ClaimNewAsync());
        await stores.Controls.CancelAsync(asked.Id, null, mayWait: true, Cancellation);
        await stores.Sql.ExecuteAsync("alter table slowlane.cancellation rename to away");
        var time = new TestTime();
        var watch = new CancelWatch(stores.Controls, time, NullLogger<CancelWatch>.Instance);
        using var stop = new AttemptCancellation(TimeProvider.System, CancellationToken.None);
        using var leftAlone = new AttemptCancellation(TimeProvider.System, CancellationToken.None);
        using var watched = watch.Watch(asked.Id, stop);
        using var another = watch.Watch(other.Id, leftAlone);

        await TickAsync(time);
        await time.TimerStartedAsync(Cancellation); // The look failed, and the next one is waited for.
        Assert.Equal(StopReason.None, stop.Reason);
        await stores.Sql.ExecuteAsync("alter table slowlane.away rename to cancellation");
        time.Advance(TimeSpan.FromSeconds(1));
        await time.TimerStartedAsync(Cancellation);

        Assert.Equal((StopReason.Cancelled, StopReason.None), (stop.Reason, leftAlone.Reason));
        Assert.True(stop.Token.IsCancellationRequested && stop.WriteToken.IsCancellationRequested);
    }

    [Fact]
    public async Task Look_ForAllAttempts_BelongsToNoneOfThem()
    {
        await using var stores = await TestStores.CreateAsync();
        var scope = new AsyncLocal<string?>();
        var time = new ContextSeen(scope);
        var claim = await stores.ClaimNewAsync();
        using var stop = new AttemptCancellation(TimeProvider.System, CancellationToken.None);

        scope.Value = "the first attempt's";
        using var watched = new CancelWatch(stores.Controls, time, NullLogger<CancelWatch>.Instance).Watch(claim.Id, stop);

        Assert.Null(await time.LookedOnce); // Neither its log scope nor its trace.
        Assert.Equal("the first attempt's", scope.Value);
    }

    [Fact]
    public async Task Watch_OfNothingAnyMore_AsksNothing()
    {
        await using var stores = await TestStores.CreateAsync();
        var time = new TestTime();
        var watch = new CancelWatch(stores.Controls, time, NullLogger<CancelWatch>.Instance);
        using var stop = new AttemptCancellation(TimeProvider.System, CancellationToken.None);
        var claim = await stores.ClaimNewAsync();
        watch.Watch(claim.Id, stop).Dispose();
        await TickAsync(time);

        using var again = watch.Watch(claim.Id, stop); // Starts to look anew.
        await time.TimerStartedAsync(Cancellation);
    }

    private static async Task TickAsync(TestTime time)
    {
        await time.TimerStartedAsync(Cancellation);
        time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>A time that passes at once, and notes what context the look after the first is waited for in.</summary>
    private sealed class ContextSeen(AsyncLocal<string?> scope) : TimeProvider
    {
        private readonly TaskCompletionSource<string?> _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _timers;

        public Task<string?> LookedOnce => _looked.Task;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (Interlocked.Increment(ref _timers) == 2)
            {
                _looked.SetResult(scope.Value);
            }

            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }
}
