using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

public sealed class SweepStoreTests : IAsyncLifetime
{
    private static readonly JobError Error = new("x", "x", "x");

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Sweep_OfALiveLease_LeavesItAlone()
    {
        await _stores.ClaimNewAsync();

        Assert.Empty(await _stores.Sweeps.ReleaseLostAsync(Cancellation));
        Assert.Equal(0, await _stores.Sweeps.FailLostAsync(Cancellation));
    }

    [Fact]
    public async Task Sweep_OfAnExpiredLease_QueuesTheJobAndChargesNoAttempt()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(claim.Id);

        Assert.Equal([new JobToEnqueue(claim.Id, "spin")], await _stores.Sweeps.ReleaseLostAsync(Cancellation));

        Assert.False(await _stores.RenewAsync(claim, null, Cancellation));
        var again = (await _stores.WakeAsync(claim.Id))!;
        Assert.Equal((claim.Attempt, claim.Fence + 1), (again.Attempt, again.Fence));
    }

    [Fact]
    public async Task Sweep_OfAJobThatLostTooManyWorkers_FailsIt()
    {
        var claim = await _stores.ClaimNewAsync();
        for (var lost = 1; lost < SweepStore.MaxLostLeases; lost++)
        {
            await _stores.ExpireAsync(claim.Id);
            Assert.Single(await _stores.Sweeps.ReleaseLostAsync(Cancellation));
            Assert.NotNull(await _stores.WakeAsync(claim.Id));
        }

        await _stores.ExpireAsync(claim.Id);

        Assert.Equal(1, await _stores.Sweeps.FailLostAsync(Cancellation));
        var row = await _stores.RowAsync(claim.Id);
        Assert.Equal((JobStatus.Failed, "worker-lost"), (row.Status, row.Error?.Type));
    }

    [Fact]
    public async Task Sweep_OfARetryWhoseMessageIsMissing_SendsItAgainAtGrowingIntervals()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation);
        Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation)); // Its message may be on its way.

        await DueSinceAsync(claim.Id, seconds: 31);
        Assert.Equal([new JobToEnqueue(claim.Id, "spin")], await _stores.Sweeps.ResendDueAsync(null, Cancellation));
        Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation));

        await DueSinceAsync(claim.Id, seconds: 61);
        Assert.Single(await _stores.Sweeps.ResendDueAsync(null, Cancellation));
    }

    [Fact]
    public async Task Sweep_OfAJobThatWaitsBehindOthersForHours_SendsItsMessageOnceAnHour()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation);

        for (var hour = 0; hour < 60; hour++)
        {
            await DueSinceAsync(claim.Id, seconds: 3601);
            Assert.Single(await _stores.Sweeps.ResendDueAsync(null, Cancellation));
            Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation));
        }

        Assert.NotNull(await _stores.WakeAsync(claim.Id));
    }

    [Theory]
    [InlineData(-60, true)] // What is next was sent before it: the job's own message may well be behind.
    [InlineData(2, true)] // Or this is its own.
    [InlineData(10, false)]
    public async Task Sweep_WhileMessagesWait_SendsOnlyWhatALaterOneHasOvertaken(int nextSentAfterIt, bool waits)
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation);
        await DueSinceAsync(claim.Id, seconds: 40);
        var due = new DateTimeOffset(await _stores.Sql.QueryAsync<DateTime>("select due_at from slowlane.job"));

        Assert.Equal(waits ? 0 : 1, (await _stores.Sweeps.ResendDueAsync(due.AddSeconds(nextSentAfterIt), Cancellation)).Count);
    }

    [Fact]
    public async Task Sweep_OfARetriedJobWhoseFirstMessageNeverCame_FailsItAfterADayAndTheMessageCanStillSaveIt()
    {
        var message = TestStores.Submitted();
        await _stores.Controls.CancelAsync(message.Id, TestStores.Spin, mayWait: true, Cancellation);
        await _stores.Controls.RetryAsync(message.Id, Cancellation);
        Assert.Equal(0, await _stores.Sweeps.FailLostAsync(Cancellation));

        await DueSinceAsync(message.Id, seconds: 86401);
        Assert.Equal(1, await _stores.Sweeps.FailLostAsync(Cancellation));
        Assert.Equal("input-missing", (await _stores.RowAsync(message.Id)).Error?.Type);
        Assert.Null(await _stores.Controls.RetryAsync(message.Id, Cancellation));

        Assert.Null(await _stores.ClaimAsync(message));
        Assert.True((await _stores.Controls.RetryAsync(message.Id, Cancellation))?.Enqueued);
        Assert.NotNull(await _stores.WakeAsync(message.Id));
    }

    private Task DueSinceAsync(JobId id, int seconds)
        => _stores.Sql.ExecuteAsync($"update slowlane.job set due_at = now() - interval '{seconds} seconds' where id = '{id.Value}'");
}
