using Slowlane.Profiling.Columns;
using Xunit;

namespace Slowlane.Tests.Profiling.Drift;

[Trait("Category", "Fast")]
public sealed class TimeReadingTests
{
    [Theory]
    [InlineData(nameof(ValueLayout.Date), "2000-01-01", 0)]
    [InlineData(nameof(ValueLayout.Date), "1999-12-31", -1)]
    [InlineData(nameof(ValueLayout.Date), "0001-01-01 BC", -730_485)]
    [InlineData(nameof(ValueLayout.Time), "24:00:00", 86_400_000_000)]
    [InlineData(nameof(ValueLayout.Time), "00:00:00.000001", 1)]
    [InlineData(nameof(ValueLayout.Timestamp), "1999-12-31 23:59:59.5", -500_000)]
    [InlineData(nameof(ValueLayout.TimestampTz), "2000-01-02 00:00:00+00", 86_400_000_000)]
    [InlineData(nameof(ValueLayout.Interval), "1 mon", 30 * 86_400_000_000)]
    [InlineData(nameof(ValueLayout.Interval), "-1 days +01:00:00", -82_800_000_000)]
    [InlineData(nameof(ValueLayout.Interval), "00:00:00", 0)]
    public void Text_ReadsAsItsPosition(string type, string text, long position) => Assert.Equal(position, TimeReading.Position(Enum.Parse<ValueLayout>(type), text));

    [Theory]
    [InlineData(nameof(ValueLayout.Date))]
    [InlineData(nameof(ValueLayout.Time))]
    [InlineData(nameof(ValueLayout.Timestamp))]
    [InlineData(nameof(ValueLayout.TimestampTz))]
    [InlineData(nameof(ValueLayout.Interval))]
    public void Text_ThatIsWritten_ReadsBack(string type)
    {
        var layout = Enum.Parse<ValueLayout>(type);
        var dice = new SeededRandom(5);
        for (var i = 0; i < 2000; i++)
        {
            var magnitude = layout switch { ValueLayout.Date => 2_000_000L, ValueLayout.Time => 86_400_000_000, _ => (long)Math.Pow(10, dice.Next(17) + 1) };
            var position = (long)(dice.Next(int.MaxValue) / (double)int.MaxValue * magnitude) * (layout != ValueLayout.Time && dice.Next(2) == 0 ? -1 : 1);

            Assert.Equal(position, TimeReading.Position(layout, TimeText.Of(layout, position)));
        }
    }

    [Theory]
    [InlineData(nameof(ValueLayout.Date), "2020-13-01")]
    [InlineData(nameof(ValueLayout.Date), "2020-01-01 10:00:00")]
    [InlineData(nameof(ValueLayout.Date), "infinity")]
    [InlineData(nameof(ValueLayout.Time), "10:00")]
    [InlineData(nameof(ValueLayout.Time), "-1:00:00")]
    [InlineData(nameof(ValueLayout.Timestamp), "2020-01-01")]
    [InlineData(nameof(ValueLayout.Timestamp), "9999999999-01-01 00:00:00")]
    [InlineData(nameof(ValueLayout.TimestampTz), "2020-01-01 00:00:00")]
    [InlineData(nameof(ValueLayout.Interval), "3")]
    [InlineData(nameof(ValueLayout.Interval), "999999999 years")]
    [InlineData(nameof(ValueLayout.Text), "2020-01-01")]
    public void Text_OfAnotherKind_IsNone(string type, string text) => Assert.Null(TimeReading.Position(Enum.Parse<ValueLayout>(type), text));
}
