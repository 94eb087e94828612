using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Report;

/// <summary>A bar with its spread.</summary>
/// <param name="Label">Whose it is.</param>
/// <param name="Spread">How long it is; null when there is no figure.</param>
/// <param name="IsOurs">Whether it stands out.</param>
internal sealed record Bar(string Label, Spread? Spread, bool IsOurs);

/// <summary>Bars of one figure, on one scale.</summary>
internal sealed record Panel(string Title, string Unit, bool IsLogarithmic, IReadOnlyList<Bar> Bars);

/// <summary>Panels in one picture.</summary>
internal sealed record Chart(string Title, IReadOnlyList<Panel> Panels);
