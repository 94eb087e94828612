using System.Runtime.Intrinsics;

namespace Slowlane.Profiling.Sketches;

/// <summary>
/// Sorts a few numbers by counting for each number how many precede it. This makes far more comparisons than needed, but four at a time and
/// without a branch.
/// </summary>
internal static class RankSort
{
    /// <summary>The maximum length. <see cref="RadixSort"/> is faster for longer inputs.</summary>
    public const int Most = 256;

    private const int Lanes = 4; // The number of doubles in a Vector256.

    /// <summary>Sorts ascending and keeps the order of 0 and -0. The numbers must not contain NaN.</summary>
    public static void Sort(Span<double> numbers)
    {
        Span<double> padded = stackalloc double[Most];
        Span<double> sorted = stackalloc double[Most];
        var blocks = (numbers.Length + Lanes - 1) / Lanes;
        padded = padded[..(blocks * Lanes)];
        numbers.CopyTo(padded);
        padded[numbers.Length..].Fill(double.PositiveInfinity); // The padding follows all equal numbers, so it is sorted to the end.
        for (var i = 0; i < padded.Length; i += Lanes)
        {
            var ranks = Ranks(padded, i);
            for (var lane = 0; lane < Lanes; lane++)
            {
                sorted[(int)ranks[lane]] = padded[i + lane];
            }
        }

        sorted[..numbers.Length].CopyTo(numbers);
    }

    // The rank of each number of a block: the count of smaller numbers, and of equal numbers to its left.
    private static Vector256<long> Ranks(ReadOnlySpan<double> numbers, int block)
    {
        var own = Vector256.Create(numbers[block..]);
        var ranks = Vector256<long>.Zero;
        foreach (var number in numbers[..block])
        {
            ranks -= Vector256.LessThanOrEqual(Vector256.Create(number), own).AsInt64();
        }

        for (var lane = 0; lane < Lanes; lane++)
        {
            var number = Vector256.Create(numbers[block + lane]);
            var left = Vector256.GreaterThan(Vector256<long>.Indices, Vector256.Create((long)lane)).AsDouble();
            ranks -= Vector256.ConditionalSelect(left, Vector256.LessThanOrEqual(number, own), Vector256.LessThan(number, own)).AsInt64();
        }

        foreach (var number in numbers[(block + Lanes)..])
        {
            ranks -= Vector256.LessThan(Vector256.Create(number), own).AsInt64();
        }

        return ranks;
    }
}
