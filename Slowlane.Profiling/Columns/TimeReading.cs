using System.Globalization;

namespace Slowlane.Profiling.Columns;

/// <summary>Reads the texts that <see cref="TimeText"/> and <see cref="Interval"/> write back into positions. Pure.</summary>
internal static class TimeReading
{
    private const long Day = 86_400_000_000;
    private const string BeforeChrist = " BC";

    /// <summary>The position of a time on the axis of its type. Null if the text is not one of the type.</summary>
    public static long? Position(ValueLayout layout, string text) => layout switch
    {
        ValueLayout.Date => Days(text),
        ValueLayout.Time => Clock(text),
        ValueLayout.Interval => OfInterval(text)?.Position,
        ValueLayout.Timestamp => Timestamp(text, ""),
        ValueLayout.TimestampTz => Timestamp(text, "+00"),
        _ => null,
    };

    private static long? Timestamp(string text, string zone)
    {
        var (suffix, rest) = text.EndsWith(BeforeChrist, StringComparison.Ordinal) ? (BeforeChrist, text[..^BeforeChrist.Length]) : ("", text);
        if (!rest.EndsWith(zone, StringComparison.Ordinal) || rest[..^zone.Length].Split(' ') is not [var date, var clock])
        {
            return null;
        }

        return Days(date + suffix) is { } days && Clock(clock) is { } time && ((Int128)days * Day) + time is var position && position >= long.MinValue && position <= long.MaxValue
            ? (long)position : null;
    }

    private static long? Days(string text)
    {
        var isBefore = text.EndsWith(BeforeChrist, StringComparison.Ordinal);
        if ((isBefore ? text[..^BeforeChrist.Length] : text).Split('-') is not [var y, var m, var d] || Number(y) is not { } year || Number(m) is not (>= 1 and <= 12 and var month) || Number(d) is not { } day)
        {
            return null;
        }

        return CivilDate.DaysTo(((isBefore ? 1 - year : year) * 12) + month - 1) + day - 1;
    }

    private static long? Clock(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 2 || parts[0].Split(':') is not [var h, var m, var s] || Number(h) is not { } hours || Number(m) is not { } minutes || Number(s) is not { } seconds)
        {
            return null;
        }

        var fraction = parts.Length == 1 ? 0 : parts[1].Length > 6 ? null : Number(parts[1].PadRight(6, '0'));
        return (((hours * 60) + minutes) * 60 + seconds) * 1_000_000 + fraction;
    }

    // A number of each unit, and a clock time of any sign at the end.
    private static Interval? OfInterval(string text)
    {
        var words = text.Split(' ');
        var (months, days, time) = (0L, 0L, 0L);
        for (var i = 0; i < words.Length; i += 2)
        {
            if (words[i].Contains(':', StringComparison.Ordinal))
            {
                if (i != words.Length - 1 || Clock(words[i].TrimStart('-', '+')) is not { } clock)
                {
                    return null;
                }

                time = words[i].StartsWith('-') ? -clock : clock;
            }
            else if (i + 1 < words.Length && int.TryParse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            {
                months += words[i + 1].TrimEnd('s') switch { "year" => 12L * number, "mon" => number, _ => 0 };
                days += words[i + 1].TrimEnd('s') is "day" ? number : 0;
            }
            else
            {
                return null;
            }
        }

        return months is >= int.MinValue and <= int.MaxValue && days is >= int.MinValue and <= int.MaxValue ? new Interval(time, (int)days, (int)months) : null;
    }

    // At most as many digits as no unit of a position exceeds.
    private static long? Number(string text)
        => text.Length <= 10 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
