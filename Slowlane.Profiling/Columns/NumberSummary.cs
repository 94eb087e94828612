using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>Statistics that all number types share, computed in double precision and block by block.</summary>
/// <param name="distribution">The distribution of the numbers.</param>
internal sealed class NumberSummary(Distribution distribution)
{
    private readonly double[] _block = new double[256];
    private readonly Moments _moments = new();
    private readonly NumberExtremes _extremes = new();
    private int _next;

    private Distribution Distribution => distribution;

    public void Add(double value)
    {
        _block[_next++] = value;
        if (_next == _block.Length)
        {
            Flush();
        }
    }

    public void Merge(NumberSummary other)
    {
        Flush();
        other.Flush();
        _moments.Merge(other._moments);
        _extremes.Merge(other._extremes);
        distribution.Merge(other.Distribution);
    }

    public void Write(BinaryWriter state)
    {
        Flush();
        _moments.Write(state);
        _extremes.Write(state);
        distribution.Write(state);
    }

    public void Read(BinaryReader state)
    {
        _moments.Read(state);
        _extremes.Read(state);
        distribution.Read(state);
    }

    /// <summary>The numbers in order.</summary>
    public SortedValues Sorted()
    {
        Flush();
        return distribution.Sorted();
    }

    /// <summary>The figures of the numbers.</summary>
    /// <param name="min">The minimum, as the report has it.</param>
    /// <param name="max">The maximum.</param>
    /// <param name="bins">The maximum number of bins.</param>
    /// <param name="printed">The number that the report has for a value. Null if it is the value itself.</param>
    public NumberFigures Describe(double min, double max, int bins, Func<double, double>? printed = null)
    {
        var sorted = Sorted();
        var quantiles = Histograms.Quantiles(sorted);
        return new NumberFigures
        {
            Sum = _moments.Sum,
            Mean = _moments.Mean,
            StandardDeviation = _moments.StandardDeviation,
            Skewness = _moments.Skewness,
            Kurtosis = _moments.Kurtosis,
            Zeros = _extremes.Zeros,
            Negatives = _extremes.Negatives,
            Quantiles = quantiles,
            Outliers = Histograms.Outliers(sorted, quantiles),
            Smallest = Counts(_extremes.Least, printed),
            Largest = Counts(_extremes.Greatest, printed),
            Histogram = Histograms.Of(sorted, NumberEdges.Of(min, max, bins, whole: Array.TrueForAll(sorted.Values, double.IsInteger)), printed),
        };
    }

    // Adding zero turns -0 into 0, because which of the two arrives first depends on chance.
    private static NumberCount[]? Counts(IEnumerable<(double Number, long Count)> extremes, Func<double, double>? printed)
        => extremes.Select(one => new NumberCount((printed is null ? one.Number : printed(one.Number)) + 0.0, one.Count)).ToArray() is { Length: > 0 } counts ? counts : null;

    private void Flush()
    {
        var block = _block.AsSpan(0, _next);
        _next = 0;
        _moments.Add(block);
        _extremes.Add(block);
        distribution.Add(block);
    }
}
