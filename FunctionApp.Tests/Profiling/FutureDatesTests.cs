using System.Globalization;
using Slowlane.Profiling;
using Slowlane.Profiling.Alerts;
using Slowlane.Profiling.Columns;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class FutureDatesTests
{
    [Theory]
    [InlineData("current_date + n - 4000", "date")]
    [InlineData("current_date - n", "date")]
    [InlineData("(now() at time zone 'UTC') + (n - 4000) * interval '1 minute'", "timestamp")]
    [InlineData("now() + (n - 4000) * interval '1 minute'", "timestamptz")]
    [InlineData("now() - interval '1 minute'", "timestamptz")]
    public async Task Profile_OfDates_CountsThoseThatAreLaterThanItsBeginning(string value, string type)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create table t as select ({value})::{type} as v from generate_series(1, 5000) n union all select null union all select 'infinity' union all select '-infinity'");

        var report = await database.TableAsync("t");

        var time = $"timestamptz '{report.StartedAt!.Value.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'";
        var compared = type switch { "date" => $"({time} at time zone 'UTC')::date", "timestamp" => $"{time} at time zone 'UTC'", _ => time };
        var count = await database.QueryAsync<long>($"select count(*) from t where v > {compared} and v < 'infinity'");
        Assert.Equal(new FutureFigure(count, true, 0), Assert.Single(report.Columns).Times!.Future);
        Assert.Equal(count > 0 ? [new Alert("future-dates", "v", 1, count, 1)] : [], report.Alerts.Where(alert => alert.Rule is "future-dates"));
    }

    [Fact]
    public async Task Future_OfMoreDistinctTimesThanAreCounted_IsWithinItsError()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select now() + (n - 100000) * interval '1 minute' as v, now() + (1 - n) * interval '1 minute' + interval '1 hour' as few from generate_series(1, 150000) n");

        var columns = (await database.TableAsync("t")).Columns;

        Assert.All(columns, column => Assert.False(column.Times!.Future!.Exact));
        Assert.InRange(columns[0].Times!.Future!.Count, 50_000 - (columns[0].Times!.Future!.CountError * 150_000), 50_000 + (columns[0].Times!.Future!.CountError * 150_000));
        Assert.InRange(columns[1].Times!.Future!.Count, 1, 60 + (columns[1].Times!.Future!.CountError * 150_000));
    }

    [Fact]
    public async Task Profile_OfTimesOfDay_HasNoFuture()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select time '23:59' as clock, interval '99999 days' as span, null::date as day");

        Assert.All((await database.TableAsync("t")).Columns, column => Assert.Null(column.Times!.Future));
    }

    [Theory]
    [InlineData("1999-12-31T23:59:59Z", -1, -1_000_000)]
    [InlineData("2000-01-01T00:00:00Z", 0, 0)]
    [InlineData("2000-01-02T01:00:00+02:00", 0, 82_800_000_000)]
    [Trait("Category", "Fast")]
    public void Instants_HaveTheirPlaceOnTheAxisOfTimes(string time, long day, long microsecond)
    {
        var instant = DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
        Assert.Equal((day, microsecond), (TimeText.PositionOf(ValueLayout.Date, instant), TimeText.PositionOf(ValueLayout.Timestamp, instant)));
    }
}
