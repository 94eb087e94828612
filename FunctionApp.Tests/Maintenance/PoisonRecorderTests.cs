using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

public sealed class PoisonRecorderTests : IAsyncLifetime
{
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Poison_OfAJobCancelledBeforeItsMessageCame_LeavesTheInputForARetry()
    {
        var id = TestStores.Submitted().Id;
        await _stores.Controls.CancelAsync(id, type: null, mayWait: true, Cancellation);

        await RecordAsync(Envelope.WithInput(id, "spin", """{"id":1}"""u8));

        Assert.Equal(JobStatus.Cancelled, (await _stores.RowAsync(id)).Status);
        var (row, enqueued) = (await _stores.Controls.RetryAsync(id, Cancellation))!.Value;
        Assert.Equal(("spin", true), (row.Type, enqueued));
        Assert.Equal("""{"id":1}""", (await _stores.WakeAsync(id))?.Input);
    }

    [Fact]
    public async Task Poison_OfAJobRetriedBeforeItsMessageCame_FailsItAndLeavesTheInputForARetry()
    {
        var id = TestStores.Submitted().Id;
        await _stores.Controls.CancelAsync(id, TestStores.Spin, mayWait: true, Cancellation);
        await _stores.Controls.RetryAsync(id, Cancellation);

        await RecordAsync(Envelope.WithInput(id, "spin", """{"id":1}"""u8));

        Assert.Equal("poisoned", (await _stores.RowAsync(id)).Error?.Type);
        Assert.True((await _stores.Controls.RetryAsync(id, Cancellation))?.Enqueued);
    }

    [Fact]
    public async Task Poison_OfAMessageThatJobsShare_EndsEachOfThemThatHasNotEndedAndKeepsTheMessageOnce()
    {
        var (fresh, done) = (TestStores.Submitted(), await _stores.ClaimNewAsync());
        await _stores.Written.SucceedAsync(done, Cancellation);

        await RecordAsync(SharedMessage.Write("spin", [Accepted(fresh.Id), Accepted(done.Id)]));

        var row = await _stores.RowAsync(fresh.Id);
        Assert.Equal((JobStatus.Failed, "poisoned"), (row.Status, row.Error?.Type));
        Assert.Contains("shares with 1 others", row.Error?.Detail, StringComparison.Ordinal);
        Assert.Equal(JobStatus.Succeeded, (await _stores.RowAsync(done.Id)).Status);
        Assert.Equal(1, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.poison where job_id is null"));
    }

    [Fact]
    public async Task Poison_OfABatchsMessage_IsKeptAndNamesTheBatch()
    {
        await RecordAsync(SharedMessage.OfBatch("spin", "b.json"));

        Assert.Contains("the batch 'b.json' of jobs of type 'spin'", await _stores.Sql.QueryAsync<string>("select reason from slowlane.poison where job_id is null"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no \0 envelope")]
    [InlineData("""{"v":1,"id":"ID","type":"sp\u0000in","input":{}}""")]
    [InlineData("""{"v":1,"id":"ID","type":"spin","blob":"b\u0000.json"}""")]
    [InlineData("""{"v":2,"type":"spin","batch":"b\u0000.json"}""")]
    public async Task Poison_WithWhatCannotBeStored_IsKeptWithoutThat(string message)
    {
        await RecordAsync(BinaryData.FromString(message.Replace("ID", TestStores.Submitted().Id.ToString(), StringComparison.Ordinal)));

        Assert.Equal(1, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.poison"));
    }

    [Fact]
    public async Task Poison_OfTheSameJobsInAnyOrder_IsRecordedWithoutOneBlockingTheOther()
    {
        // Each row takes its time, so that the statements are sure to meet, and no plan puts them in order by chance.
        await _stores.Sql.JoinInOrderAsync();
        await _stores.Ready.ReadyAsync(Cancellation);
        await _stores.Sql.ExecuteAsync("""
            create function slow() returns trigger language plpgsql as $$ begin perform pg_sleep(0.01); return new; end $$;
            create trigger slow before insert or update on slowlane.job for each row execute function slow()
            """);
        var jobs = Enumerable.Range(0, 10).Select(_ => Accepted(TestStores.Submitted().Id)).ToArray();

        await Task.WhenAll(RecordAsync(SharedMessage.Write("spin", jobs)), RecordAsync(SharedMessage.Write("spin", [.. jobs.Reverse()])));
        await _stores.Sql.ExecuteAsync("update slowlane.job set input = null"); // As if they had been cancelled before their message came.
        await Task.WhenAll(RecordAsync(SharedMessage.Write("spin", jobs)), RecordAsync(SharedMessage.Write("spin", [.. jobs.Reverse()])));

        Assert.Equal(10, await _stores.Sql.QueryAsync<long>("select count(*) from slowlane.job where error_type = 'poisoned' and input is not null"));
    }

    private static AcceptedJob Accepted(JobId id) => new(id, """{"id":1}"""u8.ToArray(), null);

    private Task RecordAsync(BinaryData message)
        => new PoisonRecorder(_stores.Ready, _stores.OutageRetry, NullLogger<PoisonRecorder>.Instance)
            .RecordAsync(message.ToString(), Cancellation);
}
