using System.Numerics;

namespace Slowlane.Profiling.Sketches;

/// <summary>Converts a ratio of whole numbers to a double. It rounds only once, at the end.</summary>
internal static class ExactRatio
{
    /// <summary>The exponent of the smallest double above zero.</summary>
    public const int Smallest = -1074;

    private const int QuotientBits = 62;

    /// <summary>The nearest double to numerator ÷ denominator · 2^exponent.</summary>
    public static double ToDouble(BigInteger numerator, BigInteger denominator, int exponent)
    {
        var (digits, power) = Divide(BigInteger.Abs(numerator), denominator);
        return numerator.Sign * Math.ScaleB(digits, power + exponent);
    }

    /// <summary>The square root of numerator ÷ denominator · 2^exponent, exact to the last place.</summary>
    public static double Root(BigInteger numerator, BigInteger denominator, int exponent)
    {
        var (digits, power) = Divide(numerator, denominator);
        power += exponent;
        return Math.ScaleB(Math.Sqrt(int.IsOddInteger(power) ? digits * 2 : digits), power >> 1);
    }

    // The last of the 62 or 63 bits stands for all bits after it, so that they can't turn into a tie. The conversion rounds to 53 bits.
    private static (double Digits, int Power) Divide(BigInteger numerator, BigInteger denominator)
    {
        var shift = (int)(QuotientBits + denominator.GetBitLength() - numerator.GetBitLength());
        var quotient = BigInteger.DivRem(
            shift > 0 ? numerator << shift : numerator, shift < 0 ? denominator << -shift : denominator, out var rest);
        return ((long)quotient | (rest.IsZero ? 0L : 1), -shift);
    }
}
