using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Computes quartiles and histograms from sorted values.</summary>
internal static class Histograms
{
    public static QuartileFigures? Quartiles(SortedValues sorted) => sorted.Values.Length == 0 ? null : new(
        sorted.Quantile(0.25)!.Value, sorted.Quantile(0.5)!.Value, sorted.Quantile(0.75)!.Value, sorted.Exact, Method(sorted), sorted.RankError);

    /// <summary>A histogram. The function <paramref name="write"/> formats its bounds.</summary>
    public static Histogram<T>? Of<T>(SortedValues sorted, double min, double max, int bins, Func<double, T> write)
    {
        if (sorted.Values.Length == 0)
        {
            return null;
        }

        bins = min < max ? bins : 1;
        var counts = sorted.CountBins(min, max, bins);
        return new(sorted.Exact, Method(sorted), sorted.BinError, [.. counts.Select((count, i) => new Bin<T>(write(Bound(i)), write(Bound(i + 1)), count))]);

        // The ends are exact. The bounds between them are weighted means, so that nothing overflows.
        double Bound(int i) => i == 0 ? min : i == bins ? max : (min * ((double)(bins - i) / bins)) + (max * ((double)i / bins));
    }

    private static string Method(SortedValues sorted) => sorted.Exact ? "sorted-values" : "kll";
}
