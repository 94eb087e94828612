namespace Slowlane.Profiling.Columns;

/// <summary>The edges of a histogram of times.</summary>
/// <param name="Edges">The edges as positions of the column's type, strictly ascending. Two equal ones if all values are equal.</param>
/// <param name="Width">The width of each bin, such as <c>1 day</c>. Null if the edges are at no round width.</param>
internal sealed record TimeBins(long[] Edges, string? Width);

/// <summary>Chooses the edges of a histogram of dates, times and intervals. Pure.</summary>
internal static class TimeEdges
{
    private const long Day = 86_400_000_000;

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
        return bins > 1 && Round(layout, (Int128)min * unit, (Int128)max * unit, bins) is { } round ? round with { Edges = [.. round.Edges.Select(edge => edge / unit)] } : new(Even(min, max, bins), null);
    }

    private static TimeBins? Round(ValueLayout layout, Int128 min, Int128 max, int bins)
    {
        if (min < long.MinValue || max > long.MaxValue)
        {
            return null; // Dates beyond what timestamps hold.
        }

        foreach (var step in TimeStep.For(layout))
        {
            var (first, last) = (step.IndexOf((long)min), step.IndexOf((long)max));
            last += step.StartOf(last) < max || (layout == ValueLayout.Date && step.IsOneDay) ? 1 : 0; // Each day of dates has its own bin if the bins suffice.
            if ((Int128)last - first <= bins && step.StartOf(first) >= long.MinValue && step.StartOf(last) <= long.MaxValue)
            {
                return new([.. Enumerable.Range(0, (int)(last - first) + 1).Select(i => (long)step.StartOf(first + i))], step.ToString());
            }
        }

        return null;
    }

    private static long[] Even(long min, long max, int bins)
        => [.. Enumerable.Range(0, bins + 1).Select(i => (long)(min + (((Int128)max - min) * i / bins))).Distinct()];
}
