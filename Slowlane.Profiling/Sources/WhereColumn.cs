using System.Text.Json;

namespace Slowlane.Profiling.Sources;

/// <summary>One column of <c>where</c>: a row passes if its value is one of those given.</summary>
/// <param name="Name">The column's name, without quotes.</param>
/// <param name="Values">The values as texts, which PostgreSQL reads as the column's type.</param>
/// <param name="OrNull">Whether null passes too.</param>
/// <param name="Given">What the caller sent.</param>
internal sealed record WhereColumn(string Name, IReadOnlyList<string> Values, bool OrNull, JsonElement Given);
