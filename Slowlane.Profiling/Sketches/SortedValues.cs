namespace Slowlane.Profiling.Sketches;

/// <summary>Sorted numbers with their weights, from which quartiles and histograms are computed.</summary>
/// <param name="Values">The numbers in ascending order.</param>
/// <param name="Weights">The weight of each number. Null if every number was kept and has the weight 1.</param>
/// <param name="RankError">The error of a quantile's rank, as a fraction of the count.</param>
/// <param name="BinError">The error of a bin's count, as a fraction of the count.</param>
internal sealed record SortedValues(double[] Values, long[]? Weights = null, double RankError = 0, double BinError = 0)
{
    public bool Exact => Weights is null;

    /// <summary>A quantile. If exact, it is interpolated as <c>percentile_cont</c> does. Otherwise it is the kept value with the next higher rank.</summary>
    public double? Quantile(double fraction)
    {
        if (Values.Length == 0)
        {
            return null;
        }

        // Adding zero turns -0 into 0, because which of the two is sorted first depends on chance.
        return (Weights is null ? Interpolated(fraction) : Nearest(fraction, Weights)) + 0.0;
    }

    /// <summary>The number of values between each two of the ascending edges. A value on an edge counts in the upper bin, one on the last edge in the last bin.</summary>
    public long[] CountBins(double[] edges)
    {
        var counts = new long[edges.Length - 1];
        var bin = 0;
        for (var i = 0; i < Values.Length; i++)
        {
            while (bin < counts.Length - 1 && Values[i] >= edges[bin + 1])
            {
                bin++;
            }

            counts[bin] += Weights?[i] ?? 1;
        }

        return counts;
    }

    private double Interpolated(double fraction)
    {
        var position = fraction * (Values.Length - 1);
        var below = (int)position;
        var rest = position - below;
        var distance = rest == 0 ? 0 : Values[below + 1] - Values[below];
        return double.IsFinite(distance)
            ? Values[below] + (rest * distance) // As float8_lerp of PostgreSQL, to the last bit.
            : (Values[below] * (1 - rest)) + (Values[below + 1] * rest);
    }

    private double Nearest(double fraction, long[] weights)
    {
        var rank = fraction * weights.Sum();
        for (var i = 0; i < Values.Length; i++)
        {
            rank -= weights[i];
            if (rank <= 0)
            {
                return Values[i];
            }
        }

        return Values[^1];
    }
}
