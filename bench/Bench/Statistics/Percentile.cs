namespace Slowlane.Bench.Statistics;

/// <summary>Percentiles by nearest rank: always a value that was measured.</summary>
internal static class Percentile
{
    /// <summary>The least value that so large a part of all values does not exceed.</summary>
    /// <param name="values">At least one, in any order.</param>
    /// <param name="part">Above 0, up to 1.</param>
    public static double Of(IEnumerable<double> values, double part)
    {
        double[] sorted = [.. values.Order()];
        ArgumentOutOfRangeException.ThrowIfZero(sorted.Length, nameof(values));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(part);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(part, 1);
        return sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
    }
}
