namespace Slowlane.Profiling.Columns;

/// <summary>The edges of a histogram of times.</summary>
/// <param name="Edges">The edges as positions of the column's type, strictly ascending. Two equal ones if all values are equal.</param>
/// <param name="Width">The width of each bin, such as <c>1 day</c>. Null if the edges are at no round width.</param>
internal sealed record TimeBins(long[] Edges, string? Width);

/// <summary>Chooses the edges of a histogram of dates, times and intervals. Pure.</summary>
internal static class TimeEdges
{
    private const long Day = 86_400_000_000;
    private const long FirstDay = -211_813_488_000_000_000; // 4714-11-24 BC, as in PostgreSQL's timestamp.h.
    private const long LastMicrosecond = 9_223_371_331_199_999_999; // Of the year 294276.

    /// <summary>Edges from the minimum or before to the maximum or after, of at most <paramref name="bins"/> bins.</summary>
    /// <param name="layout">The type. Positions of dates are days, all others are microseconds.</param>
    /// <param name="min">The minimum.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="bins">The maximum number of bins.</param>
    public static TimeBins Of(ValueLayout layout, long min, long max, int bins)
    {
        if (min >= max)
        {
            return new([min, max], null);
        }

        var unit = layout == ValueLayout.Date ? Day : 1;
        if (bins > 1 && Round(layout, (Int128)min * unit, (Int128)max * unit, bins) is { } round)
        {
            long[] edges = [.. round.Edges.Select(edge => edge / unit)];
            if (edges[1..^1].All(edge => (long)Coarse(edge) == edge))
            {
                return round with { Edges = edges };
            }
        }

        return new(Even(min, max, bins), null);
    }

    /// <summary>
    /// The greatest double that is not above a position. Beyond 2^53 microseconds (the years 1714 to 2285) doubles are coarser than times. Rounded
    /// down, a time stays below every edge that it is below, if the edge is a double.
    /// </summary>
    public static double Coarse(long position)
    {
        double near = position;
        return (long)near > position ? Math.BitDecrement(near) : near;
    }

    private static TimeBins? Round(ValueLayout layout, Int128 min, Int128 max, int bins)
    {
        var (least, greatest) = layout == ValueLayout.Interval ? (long.MinValue, long.MaxValue) : (FirstDay, LastMicrosecond);
        if (min < least || max > greatest)
        {
            return null; // Dates beyond what timestamps hold.
        }

        foreach (var step in TimeStep.For(layout))
        {
            var (first, last) = (step.IndexOf((long)min), step.IndexOf((long)max));
            last += step.StartOf(last) < max || (layout == ValueLayout.Date && step.IsOneDay) ? 1 : 0; // Each day of dates has its own bin if the bins suffice.
            if ((Int128)last - first <= bins && step.StartOf(first) >= least && step.StartOf(last) <= greatest)
            {
                return new([.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (long)step.StartOf(first + i))], step.ToString());
            }
        }

        return null;
    }

    private static long[] Even(long min, long max, int bins)
    {
        var inner = Enumerable.Range(1, bins - 1).Select(i => (long)Coarse((long)(min + (((Int128)max - min) * i / bins))));
        return [min, .. inner.Where(edge => edge > min && edge < max).Distinct(), max];
    }
}
