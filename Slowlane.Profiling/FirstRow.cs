namespace Slowlane.Profiling;

/// <summary>A row of the table as it is shown.</summary>
/// <param name="Values">The values by column, as PostgreSQL casts them to text. Null is null.</param>
/// <param name="Shortened">The columns whose values are longer than what is shown. Absent if none is.</param>
internal sealed record FirstRow(IReadOnlyDictionary<string, string?> Values, IReadOnlyList<string>? Shortened);
