using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Computes quantiles and histograms from sorted values.</summary>
internal static class Histograms
{
    private const double FenceRanges = 1.5;

    /// <summary>The quantiles of numbers.</summary>
    public static QuantileFigures<double>? Quantiles(SortedValues sorted) => At(sorted, fraction => sorted.Quantile(fraction)!.Value);

    /// <summary>The quantiles of times. The function <paramref name="write"/> formats them.</summary>
    public static QuantileFigures<string>? Quantiles(SortedValues sorted, Func<long, string> write)
        => At(sorted, fraction => write((long)sorted.Nearest(fraction)));

    /// <summary>The values beyond Tukey's fences.</summary>
    public static OutlierFigures? Outliers(SortedValues sorted, QuantileFigures<double>? quantiles)
    {
        if (quantiles is null)
        {
            return null;
        }

        var range = quantiles.Q3 - quantiles.Q1;
        var (below, above) = (quantiles.Q1 - (FenceRanges * range), quantiles.Q3 + (FenceRanges * range));
        return double.IsFinite(below) && double.IsFinite(above)
            ? new(range, below, above, sorted.CountOutside(below, above), sorted.Exact, sorted.BinError)
            : null;
    }

    /// <summary>A histogram of numbers.</summary>
    /// <param name="sorted">The values.</param>
    /// <param name="bins">The edges, as the report has them.</param>
    /// <param name="printed">The number that is printed for a value. Null if it is the value itself.</param>
    public static Histogram<double, double?>? Of(SortedValues sorted, NumberBins bins, Func<double, double>? printed)
        => sorted.Values.Length == 0 ? null : new(
            sorted.Exact, Method(sorted), sorted.BinError, bins.Width, Bins(bins.Edges, sorted.CountBins(bins.Edges, printed)));

    /// <summary>A histogram of times. The function <paramref name="write"/> formats its edges.</summary>
    public static Histogram<string, string>? Of(SortedValues sorted, TimeBins bins, Func<long, string> write)
    {
        var counts = sorted.CountBins([.. bins.Edges.Select(edge => (double)edge)]);
        return sorted.Values.Length == 0 ? null : new(sorted.Exact, Method(sorted), sorted.BinError, bins.Width, Bins([.. bins.Edges.Select(write)], counts));
    }

    private static QuantileFigures<T>? At<T>(SortedValues sorted, Func<double, T> quantile)
        => sorted.Values.Length == 0 ? null : new(
            quantile(0.01), quantile(0.05), quantile(0.25), quantile(0.5), quantile(0.75), quantile(0.95), quantile(0.99), sorted.Exact, Method(sorted), sorted.RankError);

    private static IReadOnlyList<Bin<T>> Bins<T>(T[] edges, long[] counts) => [.. counts.Select((count, i) => new Bin<T>(edges[i], edges[i + 1], count))];

    private static string Method(SortedValues sorted) => sorted.Exact ? "sorted-values" : "kll";
}
