namespace Slowlane.Profiling.Sketches;

/// <summary>Sorted numbers with their weights, from which quantiles and histograms are computed.</summary>
/// <param name="Values">The numbers in ascending order.</param>
/// <param name="Weights">The weight of each number: how often it occurs, exactly or by a sketch.</param>
/// <param name="RankError">The error of a quantile's rank, as a fraction of the count.</param>
/// <param name="BinError">The error of a bin's count, as a fraction of the count.</param>
internal sealed record SortedValues(double[] Values, long[] Weights, double RankError, double BinError)
{
    /// <summary>Numbers that occur once each.</summary>
    public SortedValues(double[] values)
        : this(values, [.. Enumerable.Repeat(1L, values.Length)], 0, 0)
    {
    }

    public bool Exact => RankError == 0;

    /// <summary>A quantile. If exact, it is interpolated as <c>percentile_cont</c> does. Otherwise it is the kept value with the next higher rank.</summary>
    public double? Quantile(double fraction)
    {
        if (Values.Length == 0)
        {
            return null;
        }

        // Adding zero turns -0 into 0, because which of the two is sorted first depends on chance.
        return (Exact ? Interpolated(fraction) : Nearest(fraction)) + 0.0;
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
            counts[bin] = Weights[from..to].Sum();
            from = to;
        }

        return counts;
    }

    /// <summary>The number of values below one number or above another.</summary>
    public long CountOutside(double below, double above)
    {
        var count = 0L;
        for (var i = 0; i < Values.Length; i++)
        {
            count += Values[i] < below || Values[i] > above ? Weights[i] : 0;
        }

        return count;
    }

    /// <summary>The first value whose rank reaches a fraction of all, as <c>percentile_disc</c>. There must be one.</summary>
    public double Nearest(double fraction)
    {
        var rank = fraction * Weights.Sum();
        for (var i = 0; i < Values.Length; i++)
        {
            rank -= Weights[i];
            if (rank <= 0)
            {
                return Values[i];
            }
        }

        return Values[^1];
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
        var position = fraction * (Weights.Sum() - 1);
        var below = (long)position;
        var rest = position - below;
        var (value, next) = (At(below), rest == 0 ? 0 : At(below + 1));
        var distance = rest == 0 ? 0 : next - value;
        return double.IsFinite(distance)
            ? value + (rest * distance) // As float8_lerp of PostgreSQL, to the last bit.
            : (value * (1 - rest)) + (next * rest);
    }

    // The value at a position among all occurrences, from 0.
    private double At(long position)
    {
        var i = 0;
        while (position >= Weights[i])
        {
            position -= Weights[i++];
        }

        return Values[i];
    }
}
