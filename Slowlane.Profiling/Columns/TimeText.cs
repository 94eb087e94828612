using System.Globalization;

namespace Slowlane.Profiling.Columns;

/// <summary>
/// Formats times as PostgreSQL does with <c>DateStyle = ISO</c> and <c>TimeZone = UTC</c>. .NET's types cover only the years 1 to 9999.
/// </summary>
internal static class TimeText
{
    private const long Day = 86_400_000_000;
    private const long DaysTo2000 = 730_425; // From 0000-03-01 of the proleptic Gregorian calendar to 2000-01-01.

    public static string Of(ValueLayout layout, long position) => layout switch
    {
        ValueLayout.Date => Date(position, ""),
        ValueLayout.Time => Clock(position),
        ValueLayout.Interval => new Interval(position % Day, (int)Math.Clamp(position / Day, int.MinValue, int.MaxValue), 0).ToString(),
        ValueLayout.TimestampTz => Timestamp(position, "+00"),
        _ => Timestamp(position, ""),
    };

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

    // After Howard Hinnant, "chrono-compatible low-level date algorithms" (civil_from_days).
    private static string Date(long days, string clock)
    {
        days += DaysTo2000;
        var era = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfEra = days - (era * 146_097);
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var shifted = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * shifted) + 2) / 5) + 1;
        var month = shifted < 10 ? shifted + 3 : shifted - 9;
        var year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return year > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{year:D4}-{month:D2}-{day:D2}{clock}")
            : string.Create(CultureInfo.InvariantCulture, $"{1 - year:D4}-{month:D2}-{day:D2}{clock} BC");
    }
}
