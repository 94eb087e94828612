using System.Globalization;
using Slowlane.Profiling.Columns;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class TimeEdgesTests
{
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData("1970-01-01", "1970-01-04", 2, "2 days", "1969-12-31 1970-01-02 1970-01-04")]
    [InlineData("1970-01-01", "1970-01-04", 20, "1 day", "1970-01-01 1970-01-02 1970-01-03 1970-01-04 1970-01-05")] // Each day has its own bin.
    [InlineData("2024-01-10", "2024-02-05", 5, "1 week", "2024-01-08 2024-01-15 2024-01-22 2024-01-29 2024-02-05")] // Mondays.
    [InlineData("2024-01-31", "2024-05-01", 5, "1 month", "2024-01-01 2024-02-01 2024-03-01 2024-04-01 2024-05-01")]
    [InlineData("1999-12-31", "2000-12-31", 5, "3 months", "1999-10-01 2000-01-01 2000-04-01 2000-07-01 2000-10-01 2001-01-01")]
    [InlineData("1928-12-31", "2046-12-31", 15, "10 years", "1920-01-01 1930-01-01 1940-01-01 1950-01-01 1960-01-01 1970-01-01 1980-01-01 1990-01-01 2000-01-01 2010-01-01 2020-01-01 2030-01-01 2040-01-01 2050-01-01")]
    [InlineData("0044-03-15 BC", "0044-03-15 BC", 15, null, "0044-03-15 BC 0044-03-15 BC")]
    public void Edges_OfDates_AreWholeDaysWeeksMonthsOrYears(string min, string max, int bins, string? width, string edges)
    {
        var chosen = TimeEdges.Of(ValueLayout.Date, Days(min), Days(max), bins);

        Assert.Equal(edges, string.Join(' ', chosen.Edges.Select(edge => TimeText.Of(ValueLayout.Date, edge))));
        Assert.Equal(width, chosen.Width);
    }

    [Theory]
    [InlineData(long.MinValue + 1, 86_400_000_000)]
    [InlineData(long.MinValue + 1, long.MaxValue - 1)]
    [InlineData(-86_400_000_000, long.MaxValue - 1)]
    [InlineData(long.MinValue + 1, long.MinValue + 2)]
    public void Edges_OfTheLongestIntervals_AscendFromTheLeastToTheGreatest(long min, long max)
    {
        foreach (var bins in Enumerable.Range(1, 200))
        {
            var edges = TimeEdges.Of(ValueLayout.Interval, min, max, bins).Edges;

            Assert.InRange(edges.Length, 2, bins + 1);
            Assert.Equal(edges.Order().Distinct(), edges);
            Assert.True(edges[0] <= min && edges[^1] >= max);
        }
    }

    [Theory]
    [InlineData("2024-02-28 23:50:00", "2024-02-29 00:20:00", 4, "10 minutes", "23:50:00 00:00:00 00:10:00 00:20:00")]
    [InlineData("2024-02-28 23:59:59.95", "2024-02-29 00:00:00.4", 5, "100 milliseconds", "23:59:59.9 00:00:00 00:00:00.1 00:00:00.2 00:00:00.3 00:00:00.4")]
    [InlineData("1999-12-31 22:30:00", "2000-01-01 03:00:00", 6, "1 hour", "22:00:00 23:00:00 00:00:00 01:00:00 02:00:00 03:00:00")]
    public void Edges_OfTimestamps_AreRoundOnTheClock(string min, string max, int bins, string width, string clock)
    {
        var chosen = TimeEdges.Of(ValueLayout.Timestamp, Microseconds(min), Microseconds(max), bins);

        Assert.Equal(clock, string.Join(' ', chosen.Edges.Select(edge => TimeText.Of(ValueLayout.Timestamp, edge)[11..])));
        Assert.Equal(width, chosen.Width);
    }

    [Theory]
    [InlineData("Interval", 0, 100 * 86_400_000_000, 6, "20 days")]
    [InlineData("Time", 0, 86_400_000_000, 20, "2 hours")]
    [InlineData("Interval", long.MinValue + 1, long.MaxValue - 1, 6, null)] // The next round edge lies beyond 64 bits.
    [InlineData("Date", -2_451_545, 2_145_031_948, 6, null)] // All dates there are.
    [InlineData("Timestamp", -211_810_000_000_000_000, 0, 6, null)] // No timestamp is before 4714-11-24 BC, where a round bin would begin.
    [InlineData("Timestamp", -211_810_000_000_000_000, -211_800_000_000_000_000, 6, "1 month")]
    [InlineData("Timestamp", 9_223_371_000_000_000_000, 9_223_371_331_199_999_999, 20, null)] // The year 294277 is none either.
    [InlineData("Timestamp", 252_455_615_999_999_000, 252_455_615_999_999_999, 20, null)] // Doubles are 32 microseconds apart there.
    [InlineData("Timestamp", 252_455_615_999_999_000, 252_455_615_999_999_020, 20, null)]
    public void Edges_OfAnyTimes_AscendFromTheMinimumToTheMaximum(string layout, long min, long max, int bins, string? width)
    {
        var chosen = TimeEdges.Of(Enum.Parse<ValueLayout>(layout), min, max, bins);

        Assert.Equal(width, chosen.Width);
        Assert.InRange(chosen.Edges.Length, 2, bins + 1);
        Assert.True(chosen.Edges[0] <= min && chosen.Edges[^1] >= max);
        Assert.All(chosen.Edges.Zip(chosen.Edges.Skip(1)), pair => Assert.True(pair.First < pair.Second));
    }

    [Fact]
    public void FirstsOfMonths_AreTheDatesOfTheirDays()
    {
        for (var month = -5_000L; month < 30_000; month++)
        {
            var date = CivilDate.FromDays(CivilDate.DaysTo(month));
            Assert.Equal((month, 1L), (date.MonthIndex, date.Day));
        }
    }

    private static long Days(string date)
        => date.EndsWith("BC", StringComparison.Ordinal) ? CivilDate.DaysTo((-43 * 12) + 2) + 14 : Microseconds(date) / 86_400_000_000 - (Microseconds(date) % 86_400_000_000 < 0 ? 1 : 0);

    private static long Microseconds(string time)
        => (DateTime.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal) - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
}
