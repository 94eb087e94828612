using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>
/// The wire format of numeric (numeric_send in PostgreSQL's numeric.c): four 16-bit fields (number of groups, weight of the first group in
/// powers of 10,000, sign, digits after the point), then the groups. It has no leading or trailing zero group.
/// </summary>
internal static class PgNumeric
{
    public const int Positive = 0;
    public const int Negative = 0x4000;
    public const int NaN = 0xC000;
    public const int Infinity = 0xD000;
    public const int MinusInfinity = 0xF000;

    private const int MaxExactGroups = 200; // 800 digits: more than the 767 that can decide a double's rounding.

    // All powers of ten that double represents exactly.
    private static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    public static int SignOf(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value[4..]);

    /// <summary>The number of groups of four digits.</summary>
    public static int Groups(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value);

    /// <summary>The number of digits behind the point that are displayed.</summary>
    public static int Scale(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadUInt16BigEndian(value[6..]);

    /// <summary>A hash that is equal for 1, 1.0 and 1.00, because displayed digits do not count.</summary>
    public static ulong Hash(ReadOnlySpan<byte> value)
        => Hash64.Of(value[8..], ((ulong)BinaryPrimitives.ReadUInt16BigEndian(value[2..]) << 16) | (uint)SignOf(value));

    /// <summary>The nearest double. Infinite if the number is beyond its range.</summary>
    public static double ToDouble(ReadOnlySpan<byte> value)
    {
        var groups = Groups(value);
        var exponent = 4 * (Weight(value) - groups + 1);
        if (groups <= 4 && exponent is >= -22 and <= 22)
        {
            var digits = 0L;
            for (var i = 0; i < groups; i++)
            {
                digits = (digits * 10_000) + Group(value, i);
            }

            if (digits <= 1L << 53)
            {
                // Both operands are exact, so the single operation rounds correctly (Clinger's fast path).
                var number = exponent < 0 ? digits / PowersOfTen[-exponent] : digits * PowersOfTen[exponent];
                return SignOf(value) == Negative ? -number : number;
            }
        }

        return ParseDouble(value, groups);
    }

    /// <summary>Compares two finite numbers.</summary>
    public static int Compare(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        var (signA, signB) = (Sign(a), Sign(b));
        return signA != signB ? signA.CompareTo(signB) : signA * CompareMagnitude(a, b);
    }

    /// <summary>Compares two numbers, and equal ones by displayed digits (1 before 1.00), so that the reported number does not depend on chance.</summary>
    public static int CompareSpelling(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        => Compare(a, b) is var order && order != 0 ? order : Scale(a).CompareTo(Scale(b));

    /// <summary>The text as PostgreSQL prints it.</summary>
    public static string ToText(ReadOnlySpan<byte> value)
    {
        var (groups, weight, scale) = (Groups(value), Weight(value), Scale(value));
        var text = new StringBuilder();
        for (var i = 0; i <= weight; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{(i < groups ? Group(value, i) : 0):D4}");
        }

        var start = 0;
        while (start < text.Length - 1 && text[start] == '0')
        {
            start++;
        }

        text.Remove(0, start);
        if (text.Length == 0)
        {
            text.Append('0');
        }

        if (scale > 0)
        {
            var point = text.Append('.').Length;
            for (var i = weight + 1; text.Length < point + scale; i++)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(i >= 0 && i < groups ? Group(value, i) : 0):D4}");
            }

            text.Length = point + scale;
        }

        return (SignOf(value) == Negative ? "-" : "") + text;
    }

    private static double ParseDouble(ReadOnlySpan<byte> value, int groups)
    {
        var taken = Math.Min(Math.Min(groups, MaxExactGroups), (value.Length - 8) / 2); // A counted value may be the beginning of a number.
        var text = new StringBuilder(SignOf(value) == Negative ? "-0" : "0");
        for (var i = 0; i < taken; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Group(value, i):D4}");
        }

        // A last digit stands for all omitted groups, so that they can't turn into a tie.
        var rest = groups > taken ? "1" : "";
        text.Append(CultureInfo.InvariantCulture, $"{rest}e{(4 * (Weight(value) - taken + 1)) - rest.Length}");
        return double.Parse(text.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    private static int CompareMagnitude(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
        => Weight(a) != Weight(b) ? Weight(a).CompareTo(Weight(b)) : a[8..].SequenceCompareTo(b[8..]);

    private static int Sign(ReadOnlySpan<byte> value) => Groups(value) == 0 ? 0 : SignOf(value) == Negative ? -1 : 1;

    private static int Weight(ReadOnlySpan<byte> value) => BinaryPrimitives.ReadInt16BigEndian(value[2..]);

    private static int Group(ReadOnlySpan<byte> value, int i) => BinaryPrimitives.ReadInt16BigEndian(value[(8 + (2 * i))..]);
}
