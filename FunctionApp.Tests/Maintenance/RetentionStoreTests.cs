using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

public sealed class RetentionStoreTests : IAsyncLifetime
{
    private static readonly JobError Error = new("x", "x", "x");

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Sweep_OfAFinishedJob_DeletesItAfterItsRetentionOnly()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        Assert.Equal(0, (await PurgeAsync()).Jobs);
        Assert.NotNull(await _stores.Jobs.FindAsync(claim.Id, Cancellation));

        await AgeAsync();
        await _stores.Sql.ExecuteAsync("update slowlane.job set input_blob = 'x.json'");

        await _stores.Sql.ExecuteAsync($"insert into slowlane.result (job_id, blob) values ('{claim.Id.Value}', 'y.json')");

        var purged = await PurgeAsync();
        Assert.Equal((1, "x.json", "y.json"), (purged.Jobs, Assert.Single(purged.Inputs), Assert.Single(purged.Results)));
        Assert.Null(await _stores.Jobs.FindAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Sweep_OfAJobPastItsRetention_NotesItAMinuteBeforeItDeletesIt()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        await AgeAsync();

        await _stores.Retention.BuryAsync(RetentionMark.Start, Cancellation);

        Assert.Equal(0, (await _stores.Retention.PurgeAsync(RetentionMark.Start, Cancellation)).Jobs);
        Assert.NotNull(await _stores.Jobs.FindAsync(claim.Id, Cancellation));
        Assert.True(await _stores.Jobs.IsPurgedAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Sweep_OfAFinishedJobMadeByAClockThatRunsAhead_WaitsForTheLaterTime()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        await AgeAsync();
        await _stores.Sql.ExecuteAsync("update slowlane.job set created_at = now() - interval '6 days'");

        await PurgeAsync();

        Assert.NotNull(await _stores.Jobs.FindAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Message_OfAPurgedJob_IsRefusedUntilItsTombstoneGoes()
    {
        var envelope = TestStores.Submitted();
        var claim = (await _stores.ClaimAsync(envelope))!;
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        await AgeAsync();
        await PurgeAsync();

        Assert.Null(await _stores.ClaimAsync(envelope));
        Assert.Null(await _stores.Controls.CancelAsync(envelope.Id, TestStores.Spin, mayWait: true, Cancellation));
        Assert.Equal(0, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.job"));

        await _stores.Sql.ExecuteAsync("update slowlane.purged set purged_at = now() - interval '365 days 1 second'");
        await _stores.Retention.PurgeExpiredAsync(Cancellation);
        Assert.False(await _stores.Jobs.IsPurgedAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Retry_OfAJobThatIsAboutToBePurged_KeepsIt()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, Error, Cancellation);
        await AgeAsync();
        await _stores.Retention.BuryAsync(RetentionMark.Start, Cancellation);

        await _stores.Controls.RetryAsync(claim.Id, Cancellation);

        await PurgeAsync();
        Assert.NotNull(await _stores.WakeAsync(claim.Id));
        Assert.False(await _stores.Jobs.IsPurgedAsync(claim.Id, Cancellation));
    }

    [Fact]
    public async Task Sweep_OfPoisonMessages_DeletesThemAfterTheRetentionOnly()
    {
        await _stores.ClaimNewAsync();
        await _stores.Sql.ExecuteAsync("insert into slowlane.poison (body, reason, received_at) values ('old', '', now() - interval '7 days 1 second'), ('young', '', now() - interval '6 days 23 hours')");

        await _stores.Retention.PurgeExpiredAsync(Cancellation);

        Assert.Equal("young", await _stores.Sql.QueryAsync<string>("select string_agg(body, ' ') from slowlane.poison"));
    }

    private Task AgeAsync() => _stores.Sql.ExecuteAsync("update slowlane.job set finished_at = now() - interval '7 days 1 second', created_at = now() - interval '8 days'");

    private async Task<Purged> PurgeAsync()
    {
        await _stores.Retention.BuryAsync(RetentionMark.Start, Cancellation);
        await _stores.Sql.ExecuteAsync("update slowlane.purged set purged_at = purged_at - interval '61 seconds'");
        return await _stores.Retention.PurgeAsync(RetentionMark.Start, Cancellation);
    }
}
