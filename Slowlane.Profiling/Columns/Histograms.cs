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
    /// <param name="single">Whether the column's values are real. They are compared with edges of that type.</param>
    public static Histogram<double, double?>? Of(SortedValues sorted, NumberBins bins, bool single)
    {
        var counts = sorted.CountBins(single ? [.. bins.Edges.Select(edge => (double)(float)edge)] : bins.Edges);
        return sorted.Values.Length == 0 ? null : new(sorted.Exact, Method(sorted), sorted.BinError, bins.Width, Bins(bins.Edges, counts));
    }

    /// <summary>A histogram of times. The function <paramref name="write"/> formats its edges.</summary>
    public static Histogram<string, string>? Of(SortedValues sorted, TimeBins bins, Func<long, string> write)
        => sorted.Values.Length == 0 ? null : new(
            sorted.Exact, Method(sorted), sorted.BinError, bins.Width, Bins([.. bins.Edges.Select(write)], sorted.CountBins([.. bins.Edges.Select(edge => (double)edge)])));

    private static IReadOnlyList<Bin<T>> Bins<T>(T[] edges, long[] counts) => [.. counts.Select((count, i) => new Bin<T>(edges[i], edges[i + 1], count))];

    private static string Method(SortedValues sorted) => sorted.Exact ? "sorted-values" : "kll";
}
