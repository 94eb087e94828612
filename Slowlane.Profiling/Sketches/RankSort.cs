using System.Runtime.Intrinsics;

namespace Slowlane.Profiling.Sketches;

/// <summary>
/// Sorts a few numbers by counting for each how many go before it: far more comparisons than needed, but four at a time
/// and none of them a branch.
/// </summary>
internal static class RankSort
{
    /// <summary>Beyond this, <see cref="RadixSort"/> is faster.</summary>
    public const int Most = 256;

    private const int Lanes = 4; // Of a Vector256.

    /// <summary>In ascending order, 0 and -0 as they came; without NaN.</summary>
    public static void Sort(Span<double> numbers)
    {
        Span<double> padded = stackalloc double[Most];
        Span<double> sorted = stackalloc double[Most];
        var blocks = (numbers.Length + Lanes - 1) / Lanes;
        padded = padded[..(blocks * Lanes)];
        numbers.CopyTo(padded);
        padded[numbers.Length..].Fill(double.PositiveInfinity); // The last of their equals, so they come last.
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

    // Where each number of a block belongs: after those that are less, and the equal ones on its left.
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
