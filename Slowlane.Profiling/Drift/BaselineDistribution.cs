using System.Text.Json;
using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Drift;

/// <summary>The distribution of numbers or times of an earlier profile: its histogram, and what its quantiles add.</summary>
/// <param name="Edges">The edges of the bins, ascending, as positions of the column's type.</param>
/// <param name="Counts">The counts of the bins.</param>
/// <param name="BinError">The error of a bin's count, as a fraction of all.</param>
/// <param name="RankError">The error of a rank, as a fraction of all.</param>
/// <param name="Discrete">Whether all values of a bin are equal to its lower edge.</param>
/// <param name="Knots">What is known of the distribution function, in order.</param>
internal sealed record BaselineDistribution(double[] Edges, long[] Counts, double BinError, double RankError, bool Discrete, IReadOnlyList<Knot> Knots)
{
    private static readonly (string Name, double Fraction)[] Fractions =
        [("p1", 0.01), ("p5", 0.05), ("q1", 0.25), ("median", 0.5), ("q3", 0.75), ("p95", 0.95), ("p99", 0.99)];

    /// <summary>Reads a distribution. Null if its bounds are not values of the column's type.</summary>
    /// <param name="figures">The figures of the earlier profile.</param>
    /// <param name="layout">The type of the column.</param>
    /// <param name="sameType">Whether the column had that type then.</param>
    public static BaselineDistribution? Of(BaselineFigures figures, ValueLayout layout, bool sameType)
    {
        if (figures.Histogram is not { Bins: { Count: > 0 } bins } histogram || EdgesOf(bins, layout) is not { } edges)
        {
            return null;
        }

        long[] counts = [.. bins.Select(bin => bin.Count)];
        var discrete = sameType && IsDiscrete(histogram, layout);
        var rankError = figures.Quantiles?.TryGetValue("rankError", out var error) == true && error.ValueKind == JsonValueKind.Number ? error.GetDouble() : histogram.CountError;
        var knots = AtEdges(edges, counts, discrete).Concat(discrete ? [] : AtQuantiles(figures.Quantiles, layout, counts.Sum()));
        return new(edges, counts, histogram.CountError, rankError, discrete, Knot.Ordered(knots));
    }

    /// <summary>The counts with those below and above the bins, of which there are none.</summary>
    public long[] Before => [0, .. Counts, 0];

    /// <summary>The number of other values below the bins, in each of them, and above. A value on the last edge is in the last bin.</summary>
    public long[] After(Ranks ranks)
    {
        long[] below = [.. Edges[..^1].Select(ranks.Below), Discrete ? ranks.Below(Edges[^1]) : ranks.UpTo(Edges[^1])];
        return [below[0], .. below.Zip(below.Skip(1), static (from, to) => to - from), ranks.All - below[^1]];
    }

    // A width of one, which only whole numbers and dates have as a bin for each value.
    private static bool IsDiscrete(BaselineHistogram histogram, ValueLayout layout) => (layout, histogram.BinWidth) switch
    {
        (ValueLayout.WholeNumber, { ValueKind: JsonValueKind.Number } width) => width.GetDouble() == 1,
        (ValueLayout.Date, { ValueKind: JsonValueKind.String } width) => width.ValueEquals("1 day"),
        _ => false,
    };

    private static double[]? EdgesOf(IReadOnlyList<BaselineBin> bins, ValueLayout layout)
    {
        double?[] edges = [.. bins.Select(bin => Position(bin.From, layout)), Position(bins[^1].To, layout)];
        var isAscending = edges.Zip(edges.Skip(1)).All(pair => pair is { First: { } from, Second: { } to } && (from < to || (bins.Count == 1 && from == to)));
        return isAscending && bins.All(bin => bin.Count >= 0) ? [.. edges.Select(edge => edge!.Value)] : null;
    }

    private static double? Position(JsonElement bound, ValueLayout layout) => layout switch
    {
        ValueLayout.WholeNumber or ValueLayout.Float4 or ValueLayout.Float8 or ValueLayout.Numeric => bound.ValueKind == JsonValueKind.Number ? bound.GetDouble() : null,
        _ => bound.ValueKind == JsonValueKind.String && TimeReading.Position(layout, bound.GetString()!) is { } position ? TimeEdges.Coarse(position) : null,
    };

    private static IEnumerable<Knot> AtEdges(double[] edges, long[] counts, bool discrete)
    {
        var (all, below) = ((double)counts.Sum(), 0L);
        if (all == 0)
        {
            yield break;
        }

        for (var i = 0; i < counts.Length; i++)
        {
            yield return new(edges[i], below / all, below / all, below / all, (below + counts[i]) / all);
            below += counts[i];
        }

        // Values on the last edge are in the last bin, unless each value has its own.
        yield return new(edges[^1], discrete ? 1 : edges[^1] == edges[0] ? 0 : (below - counts[^1]) / all, 1, 1, 1);
    }

    // A quantile of exact numbers is interpolated between two values, as percentile_cont. Any other one is a value whose rank reaches the fraction.
    private static IEnumerable<Knot> AtQuantiles(Dictionary<string, JsonElement>? quantiles, ValueLayout layout, long all)
    {
        if (quantiles is null || all == 0 || layout == ValueLayout.Float4)
        {
            yield break; // Quantiles of float4 are no decimal numbers, as its bins are.
        }

        var interpolated = layout is ValueLayout.WholeNumber or ValueLayout.Float8 or ValueLayout.Numeric && quantiles.TryGetValue("exact", out var exact) && exact.ValueKind == JsonValueKind.True;
        foreach (var (name, fraction) in Fractions)
        {
            if (quantiles.TryGetValue(name, out var value) && Position(value, layout) is { } position)
            {
                yield return interpolated ? Between(position, fraction * (all - 1), all) : new(position, 0, fraction, fraction, 1);
            }
        }
    }

    private static Knot Between(double at, double position, long all)
    {
        var below = Math.Floor(position);
        return new(at, 0, (below + (position > below ? 1 : 0)) / all, (below + 1) / all, 1);
    }
}
