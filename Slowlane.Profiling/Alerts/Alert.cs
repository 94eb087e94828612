namespace Slowlane.Profiling.Alerts;

/// <summary>A property of a column that a reader should look at.</summary>
/// <param name="Rule">The name of the rule, as <see cref="AlertRules"/> has it.</param>
/// <param name="Column">The name of the column.</param>
/// <param name="Ordinal">The position of the column in the report, from 1.</param>
/// <param name="Value">The measured value: a share from 0 to 1, or a number of values.</param>
/// <param name="Threshold">The value from which on the rule applies.</param>
internal sealed record Alert(string Rule, string Column, int Ordinal, double Value, double Threshold);
