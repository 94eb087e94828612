using System.Globalization;
using System.Numerics;

namespace Slowlane.Profiling.Columns;

/// <summary>Formats floating-point numbers as PostgreSQL does since version 12: the shortest digits that parse to the same number (d2s.c and f2s.c).</summary>
internal static class FloatText
{
    private const int LeastPlain = -4; // The powers of ten of a first digit between which there is no exponent.
    private const int MostPlainDouble = 14;
    private const int MostPlainSingle = 5;

    public static string Of(double value, bool single)
    {
        if (!double.IsFinite(value))
        {
            return double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
        }

        var (digits, power) = Shortest(Math.Abs(value), single);
        var text = power < LeastPlain || power > (single ? MostPlainSingle : MostPlainDouble) ? Scientific(digits, power) : Plain(digits, power);
        return double.IsNegative(value) ? "-" + text : text;
    }

    // The significant digits, and the power of ten of the first one. PostgreSQL does not use digits that lie half-way between two numbers, as they
    // parse to the right one only if the reader rounds to even.
    private static (string Digits, int Power) Shortest(double value, bool single)
    {
        var shortest = Split(Format(value, single, "R"));
        for (var digits = shortest.Digits.Length; IsHalfWay(shortest.Digits, shortest.Power, value, single); digits++)
        {
            shortest = Split(Format(value, single, string.Create(CultureInfo.InvariantCulture, $"E{digits}")));
        }

        return shortest;
    }

    private static string Format(double value, bool single, string format)
        => single ? ((float)value).ToString(format, CultureInfo.InvariantCulture) : value.ToString(format, CultureInfo.InvariantCulture);

    private static (string Digits, int Power) Split(string text)
    {
        var mark = text.IndexOf('E', StringComparison.Ordinal);
        var number = mark < 0 ? text : text[..mark];
        var exponent = mark < 0 ? 0 : int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        var point = number.IndexOf('.', StringComparison.Ordinal);
        var all = number.Replace(".", "", StringComparison.Ordinal);
        var significant = all.TrimStart('0');
        return significant.Length == 0
            ? ("0", 0)
            : (significant.TrimEnd('0'), exponent + (point < 0 ? number.Length : point) - 1 - (all.Length - significant.Length));
    }

    // Whether the decimal number is exactly between the value and one of its neighbours: m · 2^e and (m ± 1) · 2^e.
    private static bool IsHalfWay(string digits, int power, double value, bool single)
    {
        var (mantissa, exponent) = single ? Parts((float)value) : Parts(value);
        var tens = power - digits.Length + 1;
        var written = 4 * BigInteger.Parse(digits, CultureInfo.InvariantCulture) * BigInteger.Pow(10, Math.Max(0, tens)) << Math.Max(0, -exponent);
        var unit = BigInteger.Pow(10, Math.Max(0, -tens)) << Math.Max(0, exponent);
        var below = BitOperations.IsPow2(mantissa) ? 1 : 2; // Below a power of two, numbers are twice as dense.
        return written == unit * ((4 * (BigInteger)mantissa) + 2) || written == unit * ((4 * (BigInteger)mantissa) - below);
    }

    private static (long Mantissa, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52);
        return (bits & ((1L << 52) - 1) | (exponent > 0 ? 1L << 52 : 0), Math.Max(1, exponent) - 1075);
    }

    private static (long Mantissa, int Exponent) Parts(float value)
    {
        var bits = BitConverter.SingleToInt32Bits(value);
        var exponent = bits >> 23;
        return (bits & ((1 << 23) - 1) | (exponent > 0 ? 1 << 23 : 0), Math.Max(1, exponent) - 150);
    }

    private static string Scientific(string digits, int power) => string.Create(
        CultureInfo.InvariantCulture, $"{digits[0]}{(digits.Length > 1 ? "." : "")}{digits[1..]}e{(power < 0 ? '-' : '+')}{Math.Abs(power):D2}");

    private static string Plain(string digits, int power)
    {
        if (power < 0)
        {
            return "0." + new string('0', -power - 1) + digits;
        }

        return digits.Length <= power + 1 ? digits.PadRight(power + 1, '0') : digits[..(power + 1)] + "." + digits[(power + 1)..];
    }
}
