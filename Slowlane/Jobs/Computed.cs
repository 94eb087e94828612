using Npgsql;

namespace Slowlane.Jobs;

/// <summary>What a run has made: the result as JSON, and how to write it.</summary>
/// <param name="Json">The result.</param>
/// <param name="WriteAsync">The type's own write.</param>
/// <param name="OfParts">Whether it was merged of parts, which go once it is written.</param>
internal record Computed(string Json, Func<NpgsqlTransaction, CancellationToken, Task> WriteAsync, bool OfParts = false);
