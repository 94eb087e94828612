using Slowlane.Bench.Growth.Rows;

namespace Slowlane.Bench.Growth.Report;

/// <summary>All that a run found.</summary>
internal sealed record Findings(
    IReadOnlyList<KeyValuePair<string, string>> Machine,
    IReadOnlyList<Cell> Rows,
    IReadOnlyList<Cell> Messages,
    IReadOnlyList<IndexUse> Indexes,
    JobCost Cost,
    PurgePace Pace,
    IReadOnlyList<string> Faults);
