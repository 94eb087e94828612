namespace Slowlane.Jobs;

/// <summary>The result of a computation, before it is written.</summary>
/// <param name="Json">The result as JSON.</param>
/// <param name="Value">The result as the job type returned it.</param>
/// <param name="Context">The context of the job.</param>
/// <param name="Type">The instance of the job type that computed the result and also writes it.</param>
/// <param name="Partitioned">Whether the result was merged from partitions. Their states are deleted once the result is written.</param>
internal sealed record Computed(string Json, object? Value, JobContext Context, object Type, bool Partitioned = false);
