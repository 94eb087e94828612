using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Compare.Statistics;

namespace Slowlane.Bench.Compare.Report;

/// <summary>All that a comparison found.</summary>
internal sealed record Findings(
    CompareOptions Options,
    IReadOnlyList<Variant> Variants,
    IReadOnlyList<RunReading> Readings,
    IReadOnlyList<KeyValuePair<string, string>> Machine,
    IReadOnlyList<string> LeftOut,
    IReadOnlyList<string> Failures)
{
    public IReadOnlyList<Figure> Figures { get; } = [.. Figure.All(Options.Size, Environment.ProcessorCount).Where(figure => Readings.Any(reading => reading.Figures.ContainsKey(figure.Key)))];

    /// <summary>True when all could be run, and Slowlane wrote every job that it accepted once.</summary>
    public bool IsSound => Failures.Count == 0 && Readings.Where(IsSlowlanes).All(reading => reading.Jobs.KeepsItsWord && (reading.Breaks || reading.Jobs.Balances));

    public Cell? Cell(string variant, string figure) => Statistics.Cell.Of(Readings, variant, figure);

    /// <summary>Whether Slowlane's figure is what it should be; null when there is no goal, or no figure.</summary>
    public bool? IsMet(Figure figure) => figure.Goal?.IsMet(key => Cell(Variant.SlowlaneName, key)?.Spread?.Median);

    private bool IsSlowlanes(RunReading reading) => Variants.Any(variant => variant.IsSlowlane && string.Equals(reading.Variant, variant.Name, StringComparison.Ordinal));
}
