using Slowlane.Maintenance;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

public sealed class RetentionTests : IAsyncLifetime
{
    private const int Jobs = (2 * RetentionStore.Batch) + 100;

    private TestStores _stores = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await TestStores.CreateAsync();
        await _stores.Ready.ReadyAsync(Cancellation);
        await _stores.Sql.ExecuteAsync($"""
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, finished_at)
            select uuidv7(), 'spin', 'succeeded', 1, 5, 1, now() - interval '8 days', now() - interval '7 days 1 second' - (i / 700) * interval '1 hour' from generate_series(1, {Jobs}) as i;
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, finished_at) values (uuidv7(), 'spin', 'succeeded', 1, 5, 1, now() - interval '8 days', now() - interval '6 days')
            """);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Run_WithMoreThanABatchPastItsRetention_TakesAllOfItInOneGo()
    {
        var retention = Retention(TimeProvider.System);

        await retention.RunAsync(Cancellation);
        Assert.Equal((Jobs + 1, Jobs), await LeftAsync()); // Noted, all of them: many ended at the same moment.

        await AgeAsync();
        await retention.RunAsync(Cancellation);
        Assert.Equal((1, Jobs), await LeftAsync());
    }

    [Fact]
    public async Task Run_ThatTakesTooLong_LeavesTheRestToTheNext()
    {
        var retention = Retention(new SlowTime());
        await retention.RunAsync(Cancellation);
        var (_, noted) = await LeftAsync();
        Assert.InRange(noted, RetentionStore.Batch, Jobs - 1);

        for (var run = 0; (await LeftAsync()).Jobs > 1; run++)
        {
            Assert.InRange(run, 0, 10);
            await AgeAsync();
            await retention.RunAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Run_WithJobsThatATableOfOthersRefersTo_KeepsThoseAlone()
    {
        var retention = Retention(new TestTime()); // No run takes too long.
        await retention.RunAsync(Cancellation);
        await AgeAsync();
        await _stores.Sql.ExecuteAsync($"create table mine as select id from slowlane.job order by finished_at, id limit {RetentionStore.Batch + 10}; alter table mine add foreign key (id) references slowlane.job"); // The oldest, more than a batch.

        await retention.RunAsync(Cancellation);

        Assert.Equal((RetentionStore.Batch + 10 + 1, Jobs), await LeftAsync());
        await _stores.Sql.ExecuteAsync("drop table mine");
        await retention.RunAsync(Cancellation);
        Assert.Equal((1, Jobs), await LeftAsync());
    }

    private Retention Retention(TimeProvider time) => new(_stores.Retention, new InputBlobs(_stores.Options), _stores.Results, time);

    private Task AgeAsync() => _stores.Sql.ExecuteAsync("update slowlane.purged set purged_at = purged_at - interval '61 seconds'");

    private async Task<(int Jobs, int Noted)> LeftAsync()
        => (await _stores.Sql.QueryAsync<int>("select count(*)::int from slowlane.job"), await _stores.Sql.QueryAsync<int>("select count(*)::int from slowlane.purged"));

    /// <summary>Every look at it takes longer than a run may.</summary>
    private sealed class SlowTime : TimeProvider
    {
        private long _looks;

        public override long GetTimestamp() => Interlocked.Increment(ref _looks) * TimestampFrequency * (long)(Slowlane.Maintenance.Retention.MaxRun.TotalSeconds + 1);
    }
}
