using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class TypicalDurationsTests : IAsyncLifetime
{
    private readonly TestTime _time = new();
    private TestStores _stores = null!;
    private TypicalDurations _durations = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await TestStores.CreateAsync();
        _durations = Durations(_stores);
        await _stores.Ready.ReadyAsync(Cancellation);
    }

    public ValueTask DisposeAsync() => _stores.DisposeAsync();

    [Fact]
    public async Task Time_OfATypeWithoutAnEnd_IsWhatItsOptionsSay()
    {
        await InsertAsync(count: 5, seconds: 9, "failed");
        await InsertAsync(count: 5, seconds: 9, "succeeded", "another");

        await _durations.MeasureAsync();

        Assert.Equal(TestStores.Spin.Options.TypicalDuration, _durations.Of(TestStores.Spin));
    }

    [Fact]
    public async Task Time_IsTheMedianOfTheLatestFifty()
    {
        await InsertAsync(count: 60, seconds: 100, "succeeded", daysAgo: 1);
        await InsertAsync(count: 30, seconds: 7, "succeeded");
        await InsertAsync(count: 20, seconds: 50, "succeeded");

        await _durations.MeasureAsync();

        Assert.Equal(TimeSpan.FromSeconds(7), _durations.Of(TestStores.Spin));
    }

    [Fact]
    public async Task Time_IsMeasuredAgainByALookUpAfterThirtySeconds()
    {
        await InsertAsync(count: 1, seconds: 7, "succeeded");
        _durations.Refresh();
        await IsAsync(7);
        await InsertAsync(count: 9, seconds: 20, "succeeded");

        _time.Advance(TimeSpan.FromSeconds(29));
        _durations.Refresh();
        await Task.Delay(100, Cancellation);
        Assert.Equal(TimeSpan.FromSeconds(7), _durations.Of(TestStores.Spin));

        _time.Advance(TimeSpan.FromSeconds(1));
        _durations.Refresh();
        await IsAsync(20);
    }

    [Fact]
    public async Task Time_ThatCannotBeMeasured_StaysAsItWas()
    {
        await _stores.Sql.ExecuteAsync("alter table slowlane.job rename to elsewhere");

        await _durations.MeasureAsync();

        Assert.Equal(TestStores.Spin.Options.TypicalDuration, _durations.Of(TestStores.Spin));
    }

    private TypicalDurations Durations(TestStores stores) => new(stores.Ready, new JobRegistry([TestStores.Spin]), _time, NullLogger<TypicalDurations>.Instance);

    private Task IsAsync(int seconds) => Eventually.HoldsAsync(() => _durations.Of(TestStores.Spin) == TimeSpan.FromSeconds(seconds));

    private Task InsertAsync(int count, int seconds, string status, string type = "spin", int daysAgo = 0) => _stores.Sql.ExecuteAsync(
        $"""
        insert into slowlane.job (id, type, status, attempt, max_attempts, fence, created_at, started_at, finished_at, error_type)
        select uuidv7(ended - now()), '{type}', '{status}', 1, 1, 1, now(), ended - interval '{seconds} seconds', ended, 'x'
        from generate_series(1, {count}) as n, lateral (select now() - interval '{daysAgo} days' - n * interval '1 millisecond' as ended) as at
        """);
}
