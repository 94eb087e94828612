namespace Slowlane.Profiling.Columns;

/// <summary>Recognizes ISO dates and timestamps. Pure.</summary>
internal static class TextTimes
{
    private const int DateLength = 10; // 2024-02-29

    /// <summary>A date that exists: 2024-02-29.</summary>
    public static bool IsDate(ReadOnlySpan<byte> text)
        => text.Length == DateLength && text[4] == '-' && text[7] == '-'
            && Digits(text[..4]) is var year and > 0 && Digits(text[5..7]) is var month and >= 1 and <= 12
            && Digits(text[8..]) is var day and >= 1 && day <= DateTime.DaysInMonth(year, month);

    /// <summary>A date with or without a time and a zone: 2024-02-29T23:59:59.5+01:00.</summary>
    public static bool IsTimestamp(ReadOnlySpan<byte> text)
        => text.Length >= DateLength && IsDate(text[..DateLength])
            && (text.Length == DateLength || (text[DateLength] is (byte)'T' or (byte)' ' && IsTime(text[(DateLength + 1)..])));

    private static bool IsTime(ReadOnlySpan<byte> text)
    {
        var zone = text.IndexOfAny("Z+-"u8);
        return (zone < 0 || IsZone(text[zone..])) && IsClock(zone < 0 ? text : text[..zone].TrimEnd((byte)' '));
    }

    // 23:59, 23:59:59 or 23:59:59.123456789
    private static bool IsClock(ReadOnlySpan<byte> text) => text.Length switch
    {
        5 => IsHourAndMinute(text),
        8 => IsHourAndMinute(text[..5]) && IsSecond(text[5..]),
        >= 10 and <= 18 => IsHourAndMinute(text[..5]) && IsSecond(text[5..8]) && text[8] is (byte)'.' or (byte)',' && Digits(text[9..]) >= 0,
        _ => false,
    };

    private static bool IsHourAndMinute(ReadOnlySpan<byte> text) => text[2] == ':' && Digits(text[..2]) is >= 0 and < 24 && Digits(text[3..]) is >= 0 and < 60;

    private static bool IsSecond(ReadOnlySpan<byte> text) => text[0] == ':' && Digits(text[1..]) is >= 0 and < 60;

    // Z, +01, +0100 or +01:00
    private static bool IsZone(ReadOnlySpan<byte> text) => text.Length switch
    {
        1 => text[0] == 'Z',
        3 => text[0] != 'Z' && Digits(text[1..]) is >= 0 and < 24,
        5 => text[0] != 'Z' && Digits(text[1..]) is >= 0 and < 2400,
        6 => text[0] != 'Z' && IsHourAndMinute(text[1..]),
        _ => false,
    };

    // The number of up to nine digits. Negative if there is another character.
    private static int Digits(ReadOnlySpan<byte> text)
    {
        var number = 0;
        foreach (var value in text)
        {
            if (!char.IsAsciiDigit((char)value))
            {
                return -1;
            }

            number = (number * 10) + value - '0';
        }

        return number;
    }
}
