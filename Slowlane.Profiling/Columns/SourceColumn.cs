namespace Slowlane.Profiling.Columns;

/// <summary>One column to profile.</summary>
/// <param name="Name">The name, without quotes.</param>
/// <param name="Type">The SQL type, as <c>format_type</c> writes it.</param>
/// <param name="Layout">The format in which the values arrive.</param>
/// <param name="Expression">The SQL expression that selects the column, quoted by the server. Empty for inline rows.</param>
/// <param name="Labels">The labels of an enum, in its order. Empty for other types. Null once the values were read.</param>
internal sealed record SourceColumn(string Name, string Type, ValueLayout Layout, string Expression = "", IReadOnlyList<string>? Labels = null);
