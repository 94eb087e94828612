namespace Microsoft.DurableTask.Client;

/// <summary>How an orchestration is ended.</summary>
/// <param name="Output">What becomes its output.</param>
/// <param name="Recursive">Its sub-orchestrations, too; LocalHost has none.</param>
public record TerminateInstanceOptions(object? Output = null, bool Recursive = false);

/// <summary>How an orchestration is removed.</summary>
/// <param name="Recursive">Its sub-orchestrations, too; LocalHost has none.</param>
public record PurgeInstanceOptions(bool Recursive = false);

/// <summary>Which orchestrations are removed.</summary>
/// <param name="CreatedFrom">None that was created before.</param>
/// <param name="CreatedTo">None that was created after.</param>
/// <param name="Statuses">How they ended; any way when there is none.</param>
public record PurgeInstancesFilter(DateTimeOffset? CreatedFrom = null, DateTimeOffset? CreatedTo = null, IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);
