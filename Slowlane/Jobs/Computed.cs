namespace Slowlane.Jobs;

/// <summary>What a computation has made.</summary>
/// <param name="Json">The result as JSON.</param>
/// <param name="Value">The result as its type made it.</param>
/// <param name="Context">Its job's.</param>
/// <param name="Type">The instance of the type that made it, and writes it.</param>
/// <param name="OfParts">Whether it was merged of partitions, whose states go once it is written.</param>
internal sealed record Computed(string Json, object? Value, JobContext Context, object Type, bool OfParts = false);
