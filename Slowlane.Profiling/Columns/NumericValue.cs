using System.Text;
using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Columns;

/// <summary>Counted values of numeric: their order, their spelling, and their text. The bytes are the wire format, or the beginning of it.</summary>
internal static class NumericValue
{
    private const int HeaderLength = 8;
    private const int GroupLength = sizeof(short);
    private const int BeyondNumeric = 0xFFFF; // In place of a sign: a number of inline rows that numeric can't hold. Its spelling follows.

    public static ValueKind Kind { get; } = new(static (_, a, _, b) => Compare(a, b), Kept: true, static (_, a, _, b) => PgNumeric.Scale(a).CompareTo(PgNumeric.Scale(b)));

    /// <summary>The bytes of a number beyond the range of numeric.</summary>
    public static byte[] Beyond(string spelling) => [0, 0, 0, 0, BeyondNumeric >> 8, BeyondNumeric & 0xFF, 0, 0, .. Encoding.UTF8.GetBytes(spelling)];

    /// <summary>The nearest double. NaN if there is no finite one.</summary>
    public static double Number(ReadOnlySpan<byte> value)
        => IsFinite(value) && PgNumeric.ToDouble(value) is var number && double.IsFinite(number) ? number : double.NaN;

    /// <summary>The text as PostgreSQL prints it, and whether only its beginning is shown.</summary>
    public static (string Text, bool Shortened) Show(ReadOnlySpan<byte> value)
    {
        var text = PgNumeric.SignOf(value) switch
        {
            BeyondNumeric => Encoding.UTF8.GetString(value[HeaderLength..]),
            PgNumeric.NaN => "NaN",
            PgNumeric.Infinity => "Infinity",
            PgNumeric.MinusInfinity => "-Infinity",
            _ => PgNumeric.ToText(Whole(value)),
        };
        return text.Length > ValueStore.ShownBytes ? (text[..ValueStore.ShownBytes], true) : (text, false);
    }

    /// <summary>The order of PostgreSQL: -Infinity, the finite numbers, Infinity, NaN.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var order = Rank(a).CompareTo(Rank(b));
        return order != 0 ? order : IsFinite(a) ? PgNumeric.Compare(a, b) : a.SequenceCompareTo(b);
    }

    private static bool IsFinite(ReadOnlySpan<byte> value) => PgNumeric.SignOf(value) is PgNumeric.Positive or PgNumeric.Negative;

    private static int Rank(ReadOnlySpan<byte> value) => PgNumeric.SignOf(value) switch
    {
        PgNumeric.MinusInfinity => 0,
        BeyondNumeric => value.Length > HeaderLength && value[HeaderLength] == '-' ? 1 : 3,
        PgNumeric.Infinity => 4,
        PgNumeric.NaN => 5,
        _ => 2,
    };

    // Groups that were not kept are zero in the text, behind all digits that are shown.
    private static ReadOnlySpan<byte> Whole(ReadOnlySpan<byte> value)
    {
        var length = HeaderLength + (GroupLength * PgNumeric.Groups(value));
        if (value.Length >= length)
        {
            return value;
        }

        var whole = new byte[length];
        value[..(value.Length - (value.Length % GroupLength))].CopyTo(whole);
        return whole;
    }
}
