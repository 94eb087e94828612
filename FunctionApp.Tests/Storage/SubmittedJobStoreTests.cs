using System.Text;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class SubmittedJobStoreTests : IAsyncLifetime
{
    private const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private TestStores _stores = null!;
    private SubmittedJobStore _unclaimed = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await TestStores.CreateAsync();
        _unclaimed = new SubmittedJobStore(_stores.Ready, TimeProvider.System);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Record_OfAJobThatNobodyHasClaimed_QueuesItWithAllThatAWakeUpNeeds()
    {
        var message = TestStores.Submitted();

        Assert.Equal(1, await RecordAsync(message));

        var row = await _stores.RowAsync(message.Id);
        Assert.Equal((JobStatus.Queued, 0, "spin"), (row.Status, row.Attempt, row.Type));
        var claim = (await _stores.WakeAsync(message.Id))!;
        Assert.Equal((1, 1L, message.Input), (claim.Attempt, claim.Fence, claim.Input));
        Assert.Null(await _stores.ClaimAsync(message));
    }

    [Fact]
    public async Task Record_BeforeTheJobsMessageComes_LeavesTheMessageItsWork()
    {
        var message = TestStores.Submitted();
        await RecordAsync(message);

        Assert.Equal(1, (await _stores.ClaimAsync(message))!.Attempt);
    }

    [Fact]
    public async Task Record_OfAJobThatWasClaimedOrCancelledOrPurged_ChangesNothing()
    {
        var (claimed, cancelled, purged) = (TestStores.Submitted(), TestStores.Submitted(), TestStores.Submitted());
        var claim = (await _stores.ClaimAsync(claimed))!;
        await _stores.Controls.CancelAsync(cancelled.Id, TestStores.Spin, mayWait: true, Cancellation);
        await _stores.Sql.ExecuteAsync($"insert into slowlane.purged (id) values ('{purged.Id.Value}')");

        Assert.Equal(0, await RecordAsync(claimed, cancelled, purged));

        Assert.True(await _stores.RenewAsync(claim, null, Cancellation));
        Assert.Equal(JobStatus.Cancelled, (await _stores.RowAsync(cancelled.Id)).Status);
        Assert.Null(await _stores.Jobs.FindAsync(purged.Id, Cancellation));
    }

    [Fact]
    public async Task Record_OfAJobWhoseInputIsABlob_KeepsItsNameAndTheTrace()
    {
        var message = TestStores.Submitted();
        await _unclaimed.RecordAsync([new SubmittedJob(message.Id, TestStores.Spin, default, "a/b.json", Trace, TimeProvider.System.GetTimestamp())], Cancellation);

        var claim = (await _stores.WakeAsync(message.Id))!;
        Assert.Equal((null, "a/b.json", Trace), (claim.Input, claim.Blob, claim.Trace));
    }

    [Fact]
    public async Task Record_BesideTheClaimsOfTheSameJobs_LetsEachBeClaimedOnce()
    {
        var messages = Enumerable.Range(0, 100).Select(_ => TestStores.Submitted()).ToArray();
        var recording = messages.Chunk(10).Select(some => RecordAsync(some)).ToArray();
        var claims = await Task.WhenAll(messages.Concat(messages).Select(_stores.ClaimAsync));
        await Task.WhenAll(recording);

        Assert.Equal(100, claims.Count(claim => claim is not null));
        Assert.Equal("100 100", await _stores.Sql.QueryAsync<string>("select count(*) || ' ' || sum(attempt) from slowlane.job where status = 'running'"));
    }

    [Fact]
    public async Task Sweep_OfARecordedJobWhoseMessageDoesNotCome_SendsItAgainALeaseAfterItWasSent()
    {
        var (young, old) = (TestStores.Submitted(), TestStores.Submitted());
        await RecordAsync(young);
        await _unclaimed.RecordAsync([Sent(old, before: TimeSpan.FromSeconds(31))], Cancellation);

        Assert.Equal(old.Id, Assert.Single(await _stores.Sweeps.ResendDueAsync(null, Cancellation)).Id);
    }

    private static SubmittedJob Sent(Envelope message, TimeSpan before = default)
        => new(message.Id, TestStores.Spin, Encoding.UTF8.GetBytes(message.Input!), null, null, TimeProvider.System.GetTimestamp() - (long)(before.TotalSeconds * TimeProvider.System.TimestampFrequency));

    private Task<int> RecordAsync(params Envelope[] messages) => _unclaimed.RecordAsync([.. messages.Select(message => Sent(message))], Cancellation);
}
