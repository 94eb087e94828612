using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class ClaimStoreTests : IAsyncLifetime
{
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Claim_OfANewJob_TakesItWithItsInput()
    {
        var envelope = TestStores.Submitted();

        var claim = await _stores.ClaimAsync(envelope);

        Assert.NotNull(claim);
        Assert.Equal((1, 1L, envelope.Input), (claim.Attempt, claim.Fence, claim.Input));
        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(envelope.Id)).Status);
    }

    [Fact]
    public async Task Claim_OfAMessageDeliveredTwice_IsRefusedTheSecondTime()
    {
        var envelope = TestStores.Submitted();
        await _stores.ClaimAsync(envelope);

        Assert.Null(await _stores.ClaimAsync(envelope));
    }

    [Fact]
    public async Task Claim_ByManyAtOnce_IsGivenToOne()
    {
        var envelope = TestStores.Submitted();

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _stores.ClaimAsync(envelope)));

        Assert.Single(claims, claim => claim is not null);
    }

    [Fact]
    public async Task Claim_OfAFinishedJob_IsRefused()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.FailAsync(claim, new JobError("x", "x", "x"), CancellationToken.None);

        Assert.Null(await _stores.WakeAsync(claim.Id));
    }

    [Fact]
    public async Task Claim_OfAnExpiredLease_TakesOverUnderANewFenceAndChargesNoAttempt()
    {
        var first = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(first.Id);

        var second = await _stores.WakeAsync(first.Id);

        Assert.NotNull(second);
        Assert.Equal((first.Attempt, first.Fence + 1, first.Input), (second.Attempt, second.Fence, second.Input));
    }

    [Fact]
    public async Task Claim_OfARetryThatIsNotDue_IsRefused()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.FromMinutes(1), new JobError("x", "x", "x"), CancellationToken.None);

        Assert.Null(await _stores.WakeAsync(claim.Id));
    }

    [Fact]
    public async Task Claim_OfARetryThatIsDue_ChargesTheNextAttempt()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, new JobError("x", "x", "x"), CancellationToken.None);

        Assert.Equal(2, (await _stores.WakeAsync(claim.Id))!.Attempt);
    }

    [Fact]
    public async Task Claim_OfARowWhoseTypeMayBeTriedMoreOftenNow_GoesByTheType()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Sql.ExecuteAsync("update slowlane.job set max_attempts = 1");
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, new JobError("x", "x", "x"), CancellationToken.None);

        Assert.Equal(2, (await _stores.WakeAsync(claim.Id))!.Attempt);
        Assert.Equal(TestStores.Spin.Options.MaxAttempts, (await _stores.RowAsync(claim.Id)).MaxAttempts);
    }

    [Fact]
    public async Task Claim_OfARowWhoseTypeMayBeTriedLessOftenNow_IsGiven()
    {
        var claim = await _stores.ClaimNewAsync();
        await _stores.Sql.ExecuteAsync("update slowlane.job set max_attempts = 100, attempt = 50");
        await _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, new JobError("x", "x", "x"), CancellationToken.None);

        Assert.Equal(51, (await _stores.WakeAsync(claim.Id))!.Attempt);
    }

    [Fact]
    public async Task Claim_ByAWakeUpOfAJobThatWasPurged_IsRefused()
        => Assert.Null(await _stores.WakeAsync(JobId.New(TimeProvider.System, 0)));

    [Fact]
    public async Task Renew_AfterAnotherWorkerTookOver_IsRefused()
    {
        var first = await _stores.ClaimNewAsync();
        Assert.True(await _stores.RenewAsync(first, 0.5, CancellationToken.None));
        Assert.Equal(0.5, (await _stores.RowAsync(first.Id)).Progress);
        await _stores.ExpireAsync(first.Id);
        await _stores.WakeAsync(first.Id);

        Assert.False(await _stores.RenewAsync(first, null, CancellationToken.None));
    }

    [Fact]
    public async Task Renew_WhileTheResultIsBeingWritten_IsNotTakenForALostLease()
    {
        var claim = await _stores.ClaimNewAsync();
        var other = await _stores.ClaimNewAsync();
        IReadOnlyList<Claim> lost = [claim];

        await _stores.Written.SucceedAsync(
            claim,
            CancellationToken.None,
            write: async (_, cancellationToken) => lost = await _stores.Leases.RenewAsync([(claim, null), (other, 0.5)], cancellationToken));

        Assert.Empty(lost);
        Assert.Equal(0.5, await _stores.Sql.QueryAsync<double>($"select progress from slowlane.job where id = '{other.Id.Value}'")); // It did not have to wait.
    }

    [Fact]
    public async Task Claim_OfManyJobs_TakesThoseThatItWouldTakeOneByOne()
    {
        var leased = await _stores.ClaimNewAsync();
        var expired = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(expired.Id);
        var (cancelled, fresh, retried) = (TestStores.Submitted(), TestStores.Submitted(), TestStores.Submitted());
        await _stores.Controls.CancelAsync(cancelled.Id, TestStores.Spin, mayWait: true, CancellationToken.None);
        await _stores.Controls.CancelAsync(retried.Id, TestStores.Spin, mayWait: true, CancellationToken.None);
        await _stores.Controls.RetryAsync(retried.Id, CancellationToken.None);

        var claims = await ClaimAsync([fresh, Again(leased), cancelled, Again(expired), retried]);

        Assert.Equal([(fresh.Id, 1L), (expired.Id, 2L), (retried.Id, 2L)], claims.Select(claim => (claim.Id, claim.Fence)));
        Assert.All(claims, claim => Assert.Equal((1, fresh.Input), (claim.Attempt, claim.Input)));
        Assert.Equal(JobStatus.Cancelled, (await _stores.RowAsync(cancelled.Id)).Status);
        Assert.Equal(fresh.Input, await _stores.Sql.QueryAsync<string>($"select input from slowlane.job where id = '{cancelled.Id.Value}'")); // For a retry.
    }

    [Fact]
    public async Task Claim_OfManyJobsOfAPausedType_RecordsThemAndTakesNone()
    {
        await _stores.Pauses.PauseAsync("spin", CancellationToken.None);

        Assert.Empty(await ClaimAsync([TestStores.Submitted(), TestStores.Submitted()]));

        Assert.Equal(2, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.job where status = 'queued'"));
    }

    [Fact]
    public async Task Claims_OfTheSameJobsInAnyOrder_GiveEachToOneAndDoNotBlockEachOther()
    {
        // Each row takes its time, so that the claims are sure to meet, and no plan puts them in order by chance.
        await _stores.Sql.JoinInOrderAsync();
        await _stores.ClaimNewAsync();
        await _stores.Sql.ExecuteAsync("""
            create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$;
            create trigger slow before insert on slowlane.job for each row execute function slow()
            """);
        var jobs = Enumerable.Range(0, 10).Select(_ => TestStores.Submitted()).ToArray();

        var claims = await Task.WhenAll(ClaimAsync(jobs), ClaimAsync([.. jobs.Reverse()]));

        Assert.Equal(jobs.Select(job => job.Id.Value).Order(), claims.SelectMany(taken => taken).Select(claim => claim.Id.Value).Order());
    }

    [Fact]
    public async Task Renew_OfManyJobs_TellsThoseThatAreLost()
    {
        var (ours, lost, written) = (await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync(), await _stores.ClaimNewAsync());
        await _stores.ExpireAsync(lost.Id);
        await _stores.WakeAsync(lost.Id);
        await _stores.Written.SucceedAsync(written, CancellationToken.None);

        Assert.Equal([lost], await _stores.Leases.RenewAsync([(written, 1), (lost, 0.5), (ours, null)], CancellationToken.None));
        Assert.Null((await _stores.RowAsync(lost.Id)).Progress);
    }

    private async Task<IReadOnlyList<Claim>> ClaimAsync(Envelope[] envelopes) => (await _stores.Claims.ClaimAsync(envelopes, TestStores.Spin, CancellationToken.None)).Taken;

    private static Envelope Again(Claim claim) => new(claim.Id, "spin", claim.Input, null);
}
