namespace Slowlane.Profiling.Sketches;

/// <summary>Numbers in order, each with how many it stands for: what quartiles and histograms are read from.</summary>
/// <param name="Values">In ascending order.</param>
/// <param name="Weights">Null when every number was kept and stands for itself.</param>
/// <param name="RankError">Of a quantile's rank, as a fraction of the count.</param>
/// <param name="BinError">Of a bin's count, as a fraction of the count.</param>
internal sealed record SortedValues(double[] Values, long[]? Weights = null, double RankError = 0, double BinError = 0)
{
    public bool Exact => Weights is null;

    /// <summary>Exact: as <c>percentile_cont</c>, interpolated. Otherwise the kept value whose rank is nearest above.</summary>
    public double? Quantile(double fraction)
    {
        if (Values.Length == 0)
        {
            return null;
        }

        // Adding zero makes -0 a 0: which of them comes first in order is chance.
        return (Weights is null ? Interpolated(fraction) : Nearest(fraction, Weights)) + 0.0;
    }

    /// <summary>How many lie in each of equally wide bins; a value between two bins counts in the upper, as in <c>width_bucket</c>.</summary>
    public long[] CountBins(double min, double max, int bins)
    {
        var counts = new long[bins];
        var half = (max / 2) - (min / 2); // Halves, since the whole width may lie beyond double.
        for (var i = 0; i < Values.Length; i++)
        {
            var position = half > 0 ? bins * (((Values[i] / 2) - (min / 2)) / half) : 0;
            counts[Math.Clamp((int)position, 0, bins - 1)] += Weights?[i] ?? 1;
        }

        return counts;
    }

    private double Interpolated(double fraction)
    {
        var position = fraction * (Values.Length - 1);
        var below = (int)position;
        var rest = position - below;
        return rest == 0 ? Values[below] : (Values[below] * (1 - rest)) + (Values[below + 1] * rest);
    }

    private double Nearest(double fraction, long[] weights)
    {
        var rank = fraction * weights.Sum();
        for (var i = 0; i < Values.Length; i++)
        {
            rank -= weights[i];
            if (rank <= 0)
            {
                return Values[i];
            }
        }

        return Values[^1];
    }
}
