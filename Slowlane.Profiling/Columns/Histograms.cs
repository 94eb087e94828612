using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Computes quartiles and histograms from sorted values.</summary>
internal static class Histograms
{
    public static QuartileFigures? Quartiles(SortedValues sorted) => sorted.Values.Length == 0 ? null : new(
        sorted.Quantile(0.25)!.Value, sorted.Quantile(0.5)!.Value, sorted.Quantile(0.75)!.Value, sorted.Exact, Method(sorted), sorted.RankError);

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

    private static IReadOnlyList<Bin<T>> Bins<T>(T[] edges, long[] counts) => [.. counts.Select((count, i) => new Bin<T>(edges[i], edges[i + 1], count))];

    private static string Method(SortedValues sorted) => sorted.Exact ? "sorted-values" : "kll";
}
