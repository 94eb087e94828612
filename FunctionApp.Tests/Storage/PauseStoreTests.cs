using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class PauseStoreTests : IAsyncLifetime
{
    private static readonly JobError Error = new("x", "x", "x");

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Claim_OfANewJobOfAPausedType_RecordsItAsQueuedWithItsInput()
    {
        await PauseAsync();
        var envelope = TestStores.Submitted();

        Assert.Null(await _stores.ClaimAsync(envelope));

        var row = await _stores.RowAsync(envelope.Id);
        Assert.Equal((JobStatus.Queued, 0, 5, null), (row.Status, row.Attempt, row.MaxAttempts, row.StartedAt));
        Assert.Null(await _stores.ClaimAsync(envelope)); // Delivered twice.
        Assert.Null(await _stores.WakeAsync(envelope.Id));

        await ResumeAsync();
        var claim = (await _stores.WakeAsync(envelope.Id))!;
        Assert.Equal((1, envelope.Input), (claim.Attempt, claim.Input));
    }

    [Fact]
    public async Task Claim_OfAnotherType_IsNotHeldBack()
    {
        await _stores.Pauses.PauseAsync("profile", Cancellation);

        Assert.NotNull(await _stores.ClaimAsync(TestStores.Submitted()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Claim_OfARetryOrAnExpiredLeaseOfAPausedType_IsRefused(bool retry)
    {
        var claim = await _stores.ClaimNewAsync();
        await (retry ? _stores.Outcomes.RetryAsync(claim, TimeSpan.Zero, Error, Cancellation) : _stores.ExpireAsync(claim.Id));
        await PauseAsync();

        Assert.Null(await _stores.WakeAsync(claim.Id));
        Assert.Null(await _stores.ClaimAsync(new Envelope(claim.Id, "spin", claim.Input, null)));

        await ResumeAsync();
        Assert.NotNull(await _stores.WakeAsync(claim.Id));
    }

    [Fact]
    public async Task RunningJob_OfATypeThatIsPaused_GoesOnAndSucceeds()
    {
        var claim = await _stores.ClaimNewAsync();
        await PauseAsync();

        Assert.True(await _stores.RenewAsync(claim, 0.5, Cancellation));
        await _stores.Written.SucceedAsync(claim, Cancellation);

        Assert.Equal(JobStatus.Succeeded, (await _stores.RowAsync(claim.Id)).Status);
    }

    [Fact]
    public async Task Claims_WhileThePauseIsBeingCommitted_RunOrAreQueuedAndNoneIsLost()
    {
        await _stores.ClaimNewAsync(); // Makes the schema.
        var envelopes = Enumerable.Range(0, 40).Select(_ => TestStores.Submitted()).ToList();

        var claims = envelopes.Select(envelope => Task.Run(() => _stores.ClaimAsync(envelope))).ToList();
        await PauseAsync();
        var late = TestStores.Submitted();
        Assert.Null(await _stores.ClaimAsync(late)); // The pause was answered before: never one more.

        var running = (await Task.WhenAll(claims)).Count(claim => claim is not null);
        Assert.Equal(
            (running + 1L, 41L - running),
            (await CountAsync("status = 'running'"), await CountAsync("status = 'queued' and input is not null and attempt = 0")));
    }

    [Fact]
    public async Task JobWithoutInput_RetriedBeforeItsMessageCame_KeepsTheMessagesInputThroughAPause()
    {
        var envelope = TestStores.Submitted();
        await _stores.Controls.CancelAsync(envelope.Id, TestStores.Spin, mayWait: true, Cancellation);
        await _stores.Controls.RetryAsync(envelope.Id, Cancellation);
        await PauseAsync();

        Assert.Null(await _stores.ClaimAsync(envelope));

        await ResumeAsync();
        Assert.Equal(envelope.Input, (await _stores.WakeAsync(envelope.Id))?.Input);
    }

    [Fact]
    public async Task Cancel_OfAJobThatAPauseHoldsBack_EndsIt()
    {
        await PauseAsync();
        var envelope = TestStores.Submitted();
        await _stores.ClaimAsync(envelope);

        Assert.Equal(JobStatus.Cancelled, (await _stores.Controls.CancelAsync(envelope.Id, TestStores.Spin, mayWait: true, Cancellation))?.Status);

        await ResumeAsync();
        Assert.Empty(await _stores.Sweeps.WakePausedAsync(10, Cancellation));
    }

    [Fact]
    public async Task Sweep_OfPausedJobs_SendsNothingWhileTheyArePausedAndEachOnceAfterwards()
    {
        var retry = await _stores.ClaimNewAsync();
        await _stores.Outcomes.RetryAsync(retry, TimeSpan.FromHours(1), Error, Cancellation);
        await PauseAsync();
        var paused = new HashSet<JobId>();
        for (var i = 0; i < 3; i++)
        {
            var envelope = TestStores.Submitted();
            await _stores.ClaimAsync(envelope);
            paused.Add(envelope.Id);
        }

        await _stores.Sql.ExecuteAsync("update slowlane.job set due_at = now() - interval '2 hours' where attempt = 0");
        Assert.Empty(await WakeAsync());
        Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation));

        await ResumeAsync();
        Assert.Empty(await _stores.Sweeps.ResendDueAsync(null, Cancellation)); // They are woken, in turn, by the other one.
        var woken = await _stores.Sweeps.WakePausedAsync(2, Cancellation);
        Assert.Equal(2, woken.Count);
        woken.AddRange(await WakeAsync());
        Assert.Equal(paused, woken.Select(waking => waking.Id).ToHashSet());
        Assert.Equal(3, woken.Count);

        Assert.Empty(await WakeAsync());
        Assert.Equal(0, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.paused"));

        // A wake-up that is lost is sent again as any other is.
        await _stores.Sql.ExecuteAsync("update slowlane.job set due_at = now() - interval '61 seconds' where attempt = 0");
        Assert.Equal(3, (await _stores.Sweeps.ResendDueAsync(null, Cancellation)).Count);
    }

    [Fact]
    public async Task Pause_AskedForTwice_IsTheSameAndAfterAResumeANewOne()
    {
        var first = await PauseAsync();
        Assert.Equal(first, await PauseAsync());
        Assert.Equal(first, await _stores.Pauses.SinceAsync("spin", Cancellation));

        await ResumeAsync();
        Assert.False(await _stores.Pauses.ResumeAsync("spin", Cancellation));
        Assert.Null(await _stores.Pauses.SinceAsync("spin", Cancellation));

        Assert.True(await PauseAsync() > first);
        Assert.Empty(await WakeAsync());
        Assert.NotNull(await _stores.Pauses.SinceAsync("spin", Cancellation)); // The sweep forgets resumed types alone.
    }

    private Task<DateTimeOffset> PauseAsync() => _stores.Pauses.PauseAsync("spin", Cancellation);

    private async Task ResumeAsync() => Assert.True(await _stores.Pauses.ResumeAsync("spin", Cancellation));

    private Task<List<JobToEnqueue>> WakeAsync() => _stores.Sweeps.WakePausedAsync(SweepStore.Batch, Cancellation);

    private Task<long> CountAsync(string condition) => _stores.Sql.QueryAsync<long>($"select count(*) from slowlane.job where {condition}");
}
