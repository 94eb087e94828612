using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class ControlStoreTests : IAsyncLifetime
{
    private static readonly JobError Error = new("x", "x", "x");

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Cancel_OfAQueuedJob_EndsItAndItsWakeUpFindsNothing()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation);

        var row = await CancelAsync(claim.Id);

        Assert.Equal((JobStatus.Cancelled, null), (row?.Status, row?.Error));
        Assert.Null(await _stores.WakeAsync(claim.Id));
    }

    [Fact]
    public async Task Cancel_BeforeTheMessageCame_KeepsItsInputForARetry()
    {
        var envelope = TestStores.Submitted();
        var row = await _stores.Controls.CancelAsync(envelope.Id, type: null, mayWait: true, Cancellation);
        Assert.Equal((JobStatus.Cancelled, "unknown", envelope.Id.CreatedAt), (row?.Status, row?.Type, row?.CreatedAt));

        Assert.Null(await _stores.ClaimAsync(envelope));
        Assert.Equal("spin", (await _stores.RowAsync(envelope.Id)).Type);

        Assert.True((await _stores.Controls.RetryAsync(envelope.Id, Cancellation))?.Enqueued);
        Assert.Equal(envelope.Input, (await _stores.WakeAsync(envelope.Id))?.Input);
    }

    [Fact]
    public async Task Retry_BeforeTheMessageCame_WaitsForIt()
    {
        var envelope = TestStores.Submitted();
        await CancelAsync(envelope.Id);

        Assert.False((await _stores.Controls.RetryAsync(envelope.Id, Cancellation))?.Enqueued);
        Assert.Null(await _stores.WakeAsync(envelope.Id));
        await _stores.Sql.ExecuteAsync("update slowlane.job set due_at = now() - interval '1 day'");
        Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation));

        var claim = await _stores.ClaimAsync(envelope);
        Assert.Equal((1, envelope.Input), (claim?.Attempt, claim?.Input));
    }

    [Fact]
    public async Task Cancel_OfARunningJob_IsKnownToItsWorkerAndEndsTheJobHoweverTheAttemptEnds()
    {
        var claim = await _stores.ClaimNewAsync();
        var other = await _stores.ClaimNewAsync();

        Assert.Equal(JobStatus.Running, (await CancelAsync(claim.Id))?.Status);
        Assert.Equal(JobStatus.Running, (await CancelAsync(claim.Id))?.Status);

        Assert.Equal([claim.Id], await _stores.Controls.CancelRequestedAsync([claim.Id, other.Id], Cancellation));
        Assert.False(await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation));
        var row = await _stores.RowAsync(claim.Id);
        Assert.Equal((JobStatus.Cancelled, null), (row.Status, row.Error));
    }

    [Fact]
    public async Task Cancel_OfAJobThatIsHandedBack_EndsIt()
    {
        var claim = await _stores.ClaimNewAsync();
        await CancelAsync(claim.Id);

        Assert.Empty(await _stores.Outcomes.ReleaseAsync([claim], TimeSpan.Zero, 1, Cancellation));
        Assert.Equal(JobStatus.Cancelled, (await _stores.RowAsync(claim.Id)).Status);
    }

    [Fact]
    public async Task Cancel_ThatComesAfterTheCommit_LosesToIt()
    {
        var claim = await _stores.ClaimNewAsync();
        await CancelAsync(claim.Id);
        await _stores.Written.SucceedAsync(claim, Cancellation);

        Assert.False(await _stores.Outcomes.CancelAsync(claim, Cancellation));
        Assert.Equal(JobStatus.Succeeded, (await CancelAsync(claim.Id))?.Status);
    }

    [Fact]
    public async Task Cancel_WhileAResultIsWritten_DoesNotWaitForTheWrite()
    {
        var claim = await _stores.ClaimNewAsync();

        await _stores.Written.SucceedAsync(
            claim,
            Cancellation,
            write: async (_, _) => Assert.Equal(JobStatus.Running, (await CancelAsync(claim.Id))?.Status));

        Assert.Equal(JobStatus.Succeeded, (await _stores.RowAsync(claim.Id)).Status);
    }

    [Fact]
    public async Task Cancel_OfAJobWhoseWorkerVanished_IsLeftToTheSweepAndClaimedByNobody()
    {
        var claim = await _stores.ClaimNewAsync();
        await CancelAsync(claim.Id);
        Assert.Equal(0, await _stores.Sweeps.CancelLostAsync(Cancellation));
        await _stores.ExpireAsync(claim.Id);

        Assert.Null(await _stores.WakeAsync(claim.Id));
        Assert.Equal(1, await _stores.Sweeps.CancelLostAsync(Cancellation));

        Assert.Equal(JobStatus.Cancelled, (await _stores.RowAsync(claim.Id)).Status);
        Assert.Equal(0, await _stores.Sweeps.CancelLostAsync(Cancellation));
        Assert.Equal(0, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.cancellation"));
    }

    [Fact]
    public async Task Cancel_AndClaimAtOnce_AgreeOnWhoWasFirst()
    {
        for (var round = 0; round < 20; round++)
        {
            var envelope = TestStores.Submitted();
            var claiming = _stores.ClaimAsync(envelope);
            var row = await CancelAsync(envelope.Id);

            Assert.Equal(await claiming is null ? JobStatus.Cancelled : JobStatus.Running, row?.Status);
        }
    }

    [Fact]
    public async Task Retry_OfACancelledJob_ForgetsTheWishAndStartsAfresh()
    {
        var claim = await _stores.ClaimNewAsync();
        await CancelAsync(claim.Id);
        await _stores.Outcomes.CancelAsync(claim, Cancellation);

        var retried = await _stores.Controls.RetryAsync(claim.Id, Cancellation);

        Assert.Equal((JobStatus.Queued, 0, null), (retried?.Row.Status, retried?.Row.Attempt, retried?.Row.FinishedAt));
        var again = await _stores.WakeAsync(claim.Id);
        Assert.Equal((1, 0), (again?.Attempt, again?.Outages));
        Assert.True(again?.Fence > claim.Fence);
        Assert.Empty(await _stores.Controls.CancelRequestedAsync([claim.Id], Cancellation));
    }

    [Fact]
    public async Task Retry_AskedManyTimesAtOnce_IsGivenToOne()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);

        var retries = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _stores.Controls.RetryAsync(claim.Id, Cancellation)));

        Assert.Single(retries, retry => retry is not null);
    }

    [Fact]
    public async Task Retry_OfAFailedJobWithoutAnInput_IsRefused()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        await _stores.Sql.ExecuteAsync("update slowlane.job set input = null");

        Assert.Null(await _stores.Controls.RetryAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Retry_OfARunningJob_LeavesItAndTheWishAlone()
    {
        var claim = await _stores.ClaimNewAsync();
        await CancelAsync(claim.Id);

        Assert.Null(await _stores.Controls.RetryAsync(claim.Id, Cancellation));
        Assert.Single(await _stores.Controls.CancelRequestedAsync([claim.Id], Cancellation));
    }

    private Task<JobRow?> CancelAsync(JobId id) => _stores.Controls.CancelAsync(id, TestStores.Spin, mayWait: true, Cancellation);
}
