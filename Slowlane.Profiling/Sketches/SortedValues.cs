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

    /// <summary>The number of values in each of several bins of equal width. A value on a bound counts in the upper bin, as in <c>width_bucket</c>.</summary>
    public long[] CountBins(double min, double max, int bins)
    {
        var counts = new long[bins];
        var half = (max / 2) - (min / 2); // Uses half the width, because the whole width may exceed double.
        for (var i = 0; i < Values.Length; i++)
        {
            var position = half > 0 ? bins * (((Values[i] / 2) - (min / 2)) / half) : 0;
            counts[Math.Clamp((int)position, 0, bins - 1)] += Weights?[i] ?? 1;
        }

        return counts;
    }

    private double Interpolated(double fraction)
    {
        var position = fraction * (Values.Length - 1);
        var below = (int)position;
        var rest = position - below;
        return rest == 0 ? Values[below] : (Values[below] * (1 - rest)) + (Values[below + 1] * rest);
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
