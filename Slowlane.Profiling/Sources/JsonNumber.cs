using System.Buffers.Binary;
using System.Globalization;

namespace Slowlane.Profiling.Sources;

/// <summary>
/// Converts a JSON number to the wire format of PostgreSQL's numeric. Inline numbers are then profiled like those of a table, with every digit.
/// </summary>
internal static class JsonNumber
{
    /// <summary>PostgreSQL's numeric has up to 131,072 digits before the point and 16,383 behind it.</summary>
    private const int MaxDigitsBefore = 131_072;
    private const int MaxDigitsBehind = 16_383;

    /// <summary>The number in wire format. Null if it is beyond the range of numeric, such as 1e999999.</summary>
    /// <param name="raw">The number as JSON writes it: -12.50e+3.</param>
    public static byte[]? ToNumeric(string raw)
    {
        var mark = raw.AsSpan().IndexOfAny('e', 'E');
        var number = mark < 0 ? raw.AsSpan() : raw.AsSpan(0, mark);
        if (!TryReadExponent(mark < 0 ? "0" : raw.AsSpan(mark + 1), out var exponent))
        {
            return null;
        }

        var negative = number.StartsWith('-');
        number = negative ? number[1..] : number;
        var point = number.IndexOf('.');
        var whole = point < 0 ? number : number[..point];
        var digits = string.Concat(whole, point < 0 ? "" : number[(point + 1)..]);
        var significant = digits.TrimStart('0');
        var before = whole.Length + exponent - (digits.Length - significant.Length); // Digits before the point, from the first that is not zero.
        var behind = Math.Max(0, digits.Length - whole.Length - exponent);
        if (significant.AsSpan().Trim('0').IsEmpty)
        {
            return Write("", 0, false, (int)Math.Clamp(behind, 0, MaxDigitsBehind));
        }

        return before > MaxDigitsBefore || behind > MaxDigitsBehind ? null : Write(significant, (int)before, negative, (int)behind);
    }

    // An exponent with more digits than fit in a long is beyond every range.
    private static bool TryReadExponent(ReadOnlySpan<char> text, out long exponent)
        => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent) && Math.Abs(exponent) < 1_000_000_000;

    private static byte[] Write(string significant, int before, bool negative, int behind)
    {
        // Groups of four digits are counted from the point. The first group may need leading zeros and the last trailing zeros.
        var weight = significant.Length == 0 ? 0 : (int)Math.Floor((before - 1) / 4.0);
        var aligned = new string('0', ((weight + 1) * 4) - before) + significant;
        aligned = significant.Length == 0 ? "" : aligned.PadRight((aligned.Length + 3) / 4 * 4, '0');
        var groups = aligned.Length / 4;
        while (groups > 0 && aligned.AsSpan((groups - 1) * 4, 4).IndexOfAnyExcept('0') < 0)
        {
            groups--;
        }

        var bytes = new byte[8 + (2 * groups)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, (short)groups);
        BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(2), (short)weight);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(4), negative ? (ushort)0x4000 : (ushort)0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)behind);
        for (var i = 0; i < groups; i++)
        {
            BinaryPrimitives.WriteInt16BigEndian(bytes.AsSpan(8 + (2 * i)), short.Parse(aligned.AsSpan(i * 4, 4), NumberStyles.None, CultureInfo.InvariantCulture));
        }

        return bytes;
    }
}
