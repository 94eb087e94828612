using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Statistics;

/// <summary>A figure of a variant over its runs.</summary>
/// <param name="Spread">Of the runs that can be trusted; null when there are none.</param>
/// <param name="Doubts">Why others can't.</param>
internal sealed record Cell(Spread? Spread, IReadOnlyList<string> Doubts)
{
    /// <summary>The cell of one figure and variant; null when nothing was read.</summary>
    public static Cell? Of(IEnumerable<RunReading> readings, string variant, string figure)
    {
        var mine = readings.Where(reading => string.Equals(reading.Variant, variant, StringComparison.Ordinal) && reading.Figures.ContainsKey(figure)).ToList();
        double[] values = [.. mine.Where(reading => reading.Doubt is null).Select(reading => reading.Figures[figure])];
        return mine.Count == 0
            ? null
            : new Cell(values.Length == 0 ? null : Bench.Statistics.Spread.Of(values), [.. mine.Select(reading => reading.Doubt).OfType<string>()]);
    }
}
