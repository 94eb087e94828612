namespace Slowlane.Profiling.Alerts;

/// <summary>A rule that finds columns worth a look.</summary>
/// <param name="Name">A stable, kebab-case name.</param>
/// <param name="Threshold">The value from which on it applies.</param>
/// <param name="Measure">The value of a column. Null if the rule does not apply to the column.</param>
/// <param name="Meaning">What it says of a column, in a few words.</param>
internal sealed record AlertRule(string Name, double Threshold, Func<ColumnProfile, double?> Measure, string Meaning)
{
    /// <summary>The alert for the column, if the rule applies.</summary>
    public Alert? Of(ColumnProfile column)
        => Measure(column) is { } value && value >= Threshold ? new Alert(Name, column.Name, column.Ordinal, value, Threshold) : null;
}
