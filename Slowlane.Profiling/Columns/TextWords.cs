using System.Text;

namespace Slowlane.Profiling.Columns;

/// <summary>Recognizes numbers, boolean words and uuids. Pure.</summary>
internal static class TextWords
{
    private const int UuidLength = 36;

    private static readonly string[] Booleans = ["true", "false", "t", "f", "yes", "no", "y", "n", "on", "off"];

    /// <summary>-1234.50 or 1e-7. A number that begins with another zero than its only one (007) is rather a code.</summary>
    public static bool IsNumber(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith("-"u8) || text.StartsWith("+"u8) ? text[1..] : text;
        var whole = DigitsOf(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
        {
            return false;
        }

        text = text[whole..];
        if (text.StartsWith("."u8))
        {
            var fraction = DigitsOf(text[1..]);
            if (fraction == 0)
            {
                return false;
            }

            text = text[(fraction + 1)..];
        }

        return text.IsEmpty || (text[0] is (byte)'e' or (byte)'E' && IsExponent(text[1..]));
    }

    /// <summary>true, false, t, f, yes, no, y, n, on, off, in any case.</summary>
    public static bool IsBoolean(ReadOnlySpan<byte> text)
    {
        foreach (var word in Booleans)
        {
            if (Ascii.EqualsIgnoreCase(text, word))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>00000000-0000-0000-0000-000000000000, in any case.</summary>
    public static bool IsUuid(ReadOnlySpan<byte> text)
    {
        if (text.Length != UuidLength)
        {
            return false;
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (i is 8 or 13 or 18 or 23 ? text[i] != '-' : !char.IsAsciiHexDigit((char)text[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsExponent(ReadOnlySpan<byte> text)
    {
        text = text.StartsWith("-"u8) || text.StartsWith("+"u8) ? text[1..] : text;
        return !text.IsEmpty && DigitsOf(text) == text.Length;
    }

    // The number of digits that the text begins with.
    private static int DigitsOf(ReadOnlySpan<byte> text)
        => text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') is var end and >= 0 ? end : text.Length;
}
