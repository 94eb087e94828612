using Slowlane.Bench.Compare.Plan;

namespace Slowlane.Bench.Compare.Report;

/// <summary>Which figures are drawn together.</summary>
internal static class Plots
{
    private static readonly (string Name, string Title, bool IsLogarithmic, string[] Figures)[] Groups =
    [
        ("latency", "How long a caller waits", true, ["idle.health.p99", "load.health.p99", "idle.post.p99", "load.post.p99", "gap.p50"]),
        ("work", "How soon the work is done", false, ["makespan", "short.jobs", "crowd.jobs"]),
        ("memory", "What it takes", false, ["memory.own", "memory.broker", "start.memory"]),
        ("recovery", "What is left after a fault", false, ["kill.written", "worker.written", "outage.under", "outage.meanwhile"]),
    ];

    /// <summary>A chart for each group that has figures.</summary>
    public static IReadOnlyList<(string Name, Chart Chart)> Of(Findings findings)
        => [.. Groups.Select(group => (group.Name, new Chart(group.Title, Panels(findings, group.Figures, group.IsLogarithmic)))).Where(plot => plot.Item2.Panels.Count > 0)];

    private static List<Panel> Panels(Findings findings, string[] keys, bool isLogarithmic)
        => [.. findings.Figures.Where(figure => keys.Contains(figure.Key, StringComparer.Ordinal)).Select(figure => new Panel(figure.Title, figure.Unit, isLogarithmic, Bars(findings, figure)))];

    private static List<Bar> Bars(Findings findings, Figure figure) =>
    [
        .. findings.Variants
            .Select(variant => (variant, cell: findings.Cell(variant.Name, figure.Key)))
            .Where(pair => pair.cell is not null)
            .Select(pair => new Bar(pair.variant.Name, pair.cell!.Spread, pair.variant.IsSlowlane)),
    ];
}
