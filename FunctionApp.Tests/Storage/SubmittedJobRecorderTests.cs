using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class SubmittedJobRecorderTests : IAsyncLifetime
{
    private TestStores _stores = null!;

    public async ValueTask InitializeAsync() => _stores = await TestStores.CreateAsync();

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Jobs_StillToBeRecordedWhenTheAppStops_AreRecorded()
    {
        await using (var jobs = Open(new TestTime())) // Whose two seconds for the last try do not pass.
        {
            for (var i = 0; i < 1200; i++)
            {
                jobs.Add(Sent(100));
            }
        }

        Assert.Equal(1200, await CountAsync());
    }

    [Fact]
    public async Task Jobs_ThatComeWhileTheDatabaseIsLocked_AreBoundedInMemoryAndRecordedAfterwards()
    {
        await using var jobs = Open(TimeProvider.System);
        jobs.Add(Sent(100));
        await UntilAsync(count => count == 1); // The schema is there.
        await using (var connection = await _stores.Sql.Source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var command = new NpgsqlCommand("lock table slowlane.job", connection);
            await command.ExecuteNonQueryAsync(Cancellation);
            for (var i = 0; i < 40; i++)
            {
                jobs.Add(Sent(1024 * 1024));
            }
        }

        await UntilAsync(count => count == 16); // One, and what 16 MiB hold.
        jobs.Add(Sent(100));
        await UntilAsync(count => count == 17);
    }

    private static SubmittedJob Sent(int bytes)
    {
        var input = new byte[bytes];
        Array.Fill(input, (byte)'1');
        return new SubmittedJob(TestStores.Submitted().Id, TestStores.Spin, input, null, null, TimeProvider.System.GetTimestamp());
    }

    private SubmittedJobRecorder Open(TimeProvider time) => new(
        new SubmittedJobStore(_stores.Ready, TimeProvider.System), _stores.OutageRetry, time, NullLogger<SubmittedJobRecorder>.Instance);

    private Task<long> CountAsync() => _stores.Sql.QueryAsync<long>("select count(*) from slowlane.job where status = 'queued'");

    private async Task UntilAsync(Func<long, bool> condition)
    {
        await _stores.Ready.ReadyAsync(Cancellation);
        await Eventually.SeesAsync(CountAsync, condition);
    }
}
