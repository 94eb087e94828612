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
    /// <param name="edges">The edges. Every value is between the first and the last.</param>
    /// <param name="printed">The number that is printed for a value, which is compared with the edges. Null if it is the value itself.</param>
    public long[] CountBins(double[] edges, Func<double, double>? printed = null)
    {
        var counts = new long[edges.Length - 1];
        var from = 0;
        for (var bin = 0; bin < counts.Length; bin++)
        {
            var to = bin == counts.Length - 1 ? Values.Length : FirstNotBelow(edges[bin + 1], from, printed);
            counts[bin] = Weights is null ? to - from : Weights.Skip(from).Take(to - from).Sum();
            from = to;
        }

        return counts;
    }

    private int FirstNotBelow(double edge, int from, Func<double, double>? printed)
    {
        var to = Values.Length;
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            (from, to) = (printed is null ? Values[middle] : printed(Values[middle])) < edge ? (middle + 1, to) : (from, middle);
        }

        return from;
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
