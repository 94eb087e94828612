namespace Slowlane.Profiling.Columns;

/// <summary>The edges of a histogram of numbers.</summary>
/// <param name="Edges">The edges, strictly ascending. Two equal ones if all values are equal.</param>
/// <param name="Width">The width of each bin. Null if the edges are not multiples of a round width.</param>
internal sealed record NumberBins(double[] Edges, double? Width);

/// <summary>Chooses the edges of a histogram of numbers. Pure.</summary>
internal static class NumberEdges
{
    /// <summary>Beyond this factor, neighbouring multiples of a width may be the same double.</summary>
    private const double MaxFactor = 1L << 50;

    /// <summary>The least width. Doubles below have fewer digits, so that a quotient by them may be off by more than one.</summary>
    private const double MinWidth = 2.2250738585072014E-308;

    /// <summary>Edges from the minimum or below to the maximum or above, of at most <paramref name="bins"/> bins.</summary>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="bins">The maximum number of bins.</param>
    /// <param name="whole">Whether all values are whole. Each value then has its own bin if the bins suffice.</param>
    public static NumberBins Of(double min, double max, int bins, bool whole)
    {
        if (min >= max)
        {
            return new([min, max], null);
        }

        var narrowest = (max - min) / bins;
        return (bins > 1 && double.IsFinite(narrowest) && narrowest > 0 ? Round(min, max, bins, narrowest, whole) : null) ?? new(Even(min, max, bins), null);
    }

    private static NumberBins? Round(double min, double max, int bins, double narrowest, bool whole)
    {
        foreach (var width in BinWidth.From(narrowest, whole))
        {
            var step = width.Value;
            if (step < MinWidth || !double.IsFinite(step) || Math.Max(Math.Abs(min), Math.Abs(max)) / step > MaxFactor)
            {
                return null; // Too narrow for doubles of this magnitude. A greater width has fewer bins than could be told apart.
            }

            var (first, last) = (Below(min, width, step), Above(max, width, step, apart: whole && width is { Digits: 1, Exponent: 0 }));
            if (last - first <= bins)
            {
                double[] edges = [.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => width.Multiple(first + i))];
                return double.IsFinite(edges[0]) && double.IsFinite(edges[^1]) ? new(edges, step) : null;
            }
        }

        return null;
    }

    // The quotient may be off by one. The edges themselves decide.
    private static long Below(double min, BinWidth width, double step)
    {
        var factor = (long)Math.Floor(min / step);
        while (width.Multiple(factor) > min)
        {
            factor--;
        }

        while (width.Multiple(factor + 1) <= min)
        {
            factor++;
        }

        return factor;
    }

    private static long Above(double max, BinWidth width, double step, bool apart)
    {
        var factor = Below(max, width, step);
        return apart || width.Multiple(factor) < max ? factor + 1 : factor;
    }

    // The bounds are weighted means, so that nothing overflows.
    private static double[] Even(double min, double max, int bins)
    {
        var inner = Enumerable.Range(1, bins - 1).Select(i => (min * ((double)(bins - i) / bins)) + (max * ((double)i / bins)));
        return [min, .. inner.Where(edge => edge > min && edge < max).Distinct().Order(), max];
    }
}
