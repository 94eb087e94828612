using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Alerts;

/// <summary>All rules of alerts. docs/profile.md has the same table.</summary>
internal static class AlertRules
{
    /// <summary>The number of values below which a share says little.</summary>
    private const int FewValues = 20;

    // Measured against an earlier profile, and not of a column alone.
    private static readonly AlertRule Drifted = new("drifted", BaselineInput.UsualThreshold, static _ => null, "distributed otherwise than in the earlier profile, by this index");

    public static IReadOnlyList<AlertRule> All { get; } =
    [
        new("empty", 1, static column => column is { Count: 0, Nulls: > 0 } ? 1 : null, "no value"),
        new("constant", 1, static column => column is { Count: > 1, Distinct: { Exact: true, Value: 1 } } ? 1 : null, "one value in every row that has any"),
        new("key-candidate", 1, Uniqueness, "unique and never null"),
        new("missing", 0.05, static column => column.Count == 0 ? null : Share(column.Nulls, column.Nulls + column.Count), "null in this share of the rows"),
        new("imbalance", 0.9, Imbalance, "one value makes up this share"),
        new("high-cardinality", 0.5, Cardinality, "distinct texts per value"),
        new("skewed", 2, static column => column.Count >= FewValues && column.Numbers?.Skewness is { } skewness ? Math.Abs(skewness) : null, "skewness, without its sign"),
        new("zeros", 0.5, static column => column is { Count: >= FewValues, Numbers: { } numbers } ? Share(numbers.Zeros, column.Count) : null, "zeros"),
        new("blank", 1, static column => column.Spaces is { } spaces ? spaces.Empty + spaces.Blank : null, "empty or blank texts"),
        new("untrimmed", 1, static column => column.Spaces?.Untrimmed, "white space before or after"),
        new("dates-in-text", TextKinds.Threshold, static column => OfKind(column, "date", "timestamp"), "texts that are dates or timestamps"),
        new("numbers-in-text", TextKinds.Threshold, static column => OfKind(column, "number"), "texts that are numbers"),
        new("future-dates", 1, static column => column.Times?.Future?.Count, "later than the profile began"),
        new("not-finite", 1, NotFinite, "NaN or infinite"),
        Drifted,
    ];

    /// <summary>The alerts of all columns, rule by rule. Pure.</summary>
    public static IReadOnlyList<Alert> Of(IReadOnlyList<ColumnProfile> columns, DriftReport? drift = null)
        => [.. All.SelectMany(rule => columns.Select(rule.Of)).OfType<Alert>(), .. OfDrift(columns, drift)];

    private static IEnumerable<Alert> OfDrift(IReadOnlyList<ColumnProfile> columns, DriftReport? drift)
    {
        var indexes = drift?.Columns?.Where(column => column.Psi >= drift.Threshold).ToDictionary(column => column.Name, column => column.Psi!.Value, StringComparer.Ordinal);
        return indexes is not { Count: > 0 } ? [] : columns.Where(column => indexes.ContainsKey(column.Name))
            .Select(column => new Alert(Drifted.Name, column.Name, column.Ordinal, indexes[column.Name], drift!.Threshold));
    }

    private static double? Uniqueness(ColumnProfile column)
        => column is { Nulls: 0, Count: >= FewValues, Distinct.Exact: true } && column.Distinct.Value == column.Count ? 1 : null;

    private static double? Imbalance(ColumnProfile column) => column switch
    {
        { Count: < FewValues } or { Distinct: { Exact: true, Value: 1 } } => null,
        { Booleans: { } booleans } => Share(Math.Max(booleans.True, booleans.False), column.Count),
        { Top.Values: [var first, ..] } => Share(first.Count, column.Count),
        _ => null,
    };

    // Only texts: keys, numbers and documents are expected to differ.
    private static double? Cardinality(ColumnProfile column)
        => column is { Top: not null, Lengths: not null, Count: >= FewValues, Type: not ("json" or "jsonb") } && Uniqueness(column) is null ? Share(column.Distinct.Value, column.Count) : null;

    private static double? OfKind(ColumnProfile column, params ReadOnlySpan<string> names)
        => column is { Count: >= FewValues, Kind: { } kind } && names.Contains(kind.Name) ? kind.Share : null;

    private static double? NotFinite(ColumnProfile column) => column switch
    {
        { Numbers: { } numbers } => numbers.NaN + numbers.Infinity + numbers.MinusInfinity,
        { Times: { } times } => times.Infinity + times.MinusInfinity,
        _ => null,
    };

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
