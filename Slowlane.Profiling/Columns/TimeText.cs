using System.Globalization;

namespace Slowlane.Profiling.Columns;

/// <summary>Formats times as PostgreSQL does with <c>DateStyle = ISO</c> and <c>TimeZone = UTC</c>.</summary>
internal static class TimeText
{
    private const long Day = 86_400_000_000;
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Of(ValueLayout layout, long position) => layout switch
    {
        ValueLayout.Date => Date(position, ""),
        ValueLayout.Time => Clock(position),
        ValueLayout.Interval => new Interval(position % Day, (int)Math.Clamp(position / Day, int.MinValue, int.MaxValue), 0).ToString(),
        ValueLayout.TimestampTz => Timestamp(position, "+00"),
        _ => Timestamp(position, ""),
    };

    /// <summary>The position of an instant: its day in UTC for dates, its microsecond for others.</summary>
    public static long PositionOf(ValueLayout layout, DateTimeOffset time)
    {
        var microseconds = (time - Epoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return layout == ValueLayout.Date ? (long)Math.Floor((double)microseconds / Day) : microseconds;
    }

    /// <summary>The hours may exceed 24, because the time of an interval has no days.</summary>
    public static string Clock(Int128 microseconds)
    {
        var (seconds, fraction) = Int128.DivRem(microseconds, 1_000_000);
        var text = string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:D2}:{seconds / 60 % 60:D2}:{seconds % 60:D2}");
        return fraction == 0 ? text : text + string.Create(CultureInfo.InvariantCulture, $".{fraction:D6}").TrimEnd('0');
    }

    private static string Timestamp(long position, string zone)
    {
        var days = Math.DivRem(position, Day, out var rest);
        (days, rest) = rest < 0 ? (days - 1, rest + Day) : (days, rest);
        return Date(days, " " + Clock(rest) + zone);
    }

    private static string Date(long days, string clock)
    {
        var (year, month, day) = CivilDate.FromDays(days);
        return year > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}{clock}")
            : string.Create(CultureInfo.InvariantCulture, $"{1 - year:D4}-{month:D2}-{day:D2}{clock} BC");
    }
}
