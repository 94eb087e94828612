using System.Globalization;

namespace Slowlane.Profiling.Columns;

/// <summary>A width of bins of numbers: 1, 2, 2.5 or 5 times a power of ten. Bins begin at its multiples.</summary>
/// <param name="Digits">1, 2, 25 or 5.</param>
/// <param name="Exponent">The power of ten that the digits are multiplied with.</param>
internal sealed record BinWidth(int Digits, int Exponent)
{
    private static readonly int[] Steps = [1, 2, 25, 5];

    /// <summary>The width as the nearest double.</summary>
    public double Value => Multiple(1);

    /// <summary>
    /// The widths from the one below a number on, ascending. Whole numbers have no width below 1, and none that is not whole.
    /// </summary>
    public static IEnumerable<BinWidth> From(double width, bool whole)
    {
        for (var power = Math.Max((int)Math.Floor(Math.Log10(width)), whole ? 0 : int.MinValue); ; power++)
        {
            foreach (var digits in Steps)
            {
                if (!whole || digits != 25 || power > 0)
                {
                    yield return new BinWidth(digits, digits == 25 ? power - 1 : power);
                }
            }
        }
    }

    /// <summary>The double nearest to a multiple of the width. It is the one that a column has whose value is that decimal number.</summary>
    public double Multiple(long factor)
        => double.Parse(string.Create(CultureInfo.InvariantCulture, $"{(Int128)factor * Digits}E{Exponent}"), NumberStyles.Float, CultureInfo.InvariantCulture);
}
