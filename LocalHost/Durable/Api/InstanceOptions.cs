namespace Microsoft.DurableTask.Client;

/// <summary>How an orchestration is ended.</summary>
/// <param name="Output">What becomes its output.</param>
/// <param name="Recursive">Its sub-orchestrations, too; LocalHost has none.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How an orchestration is removed.</summary>
/// <param name="Recursive">Its sub-orchestrations, too; LocalHost has none.</param>
public record PurgeInstanceOptions(bool Recursive = false);
