namespace Slowlane.Execution.Partitions;

/// <summary>Runs of <see cref="PartitionOrchestrator"/>, for the coordinator of a job: all that it needs of the durable task hub.</summary>
/// <remarks>If the hub does not answer, each call throws <c>PartitionRunLostException</c>.</remarks>
internal interface IPartitionRuns
{
    /// <summary>Starts a run. No other run may have its id.</summary>
    Task StartAsync(string id, PartitionRunInput input, CancellationToken cancellationToken);

    /// <summary>Returns the status of a run; null if there is no such run.</summary>
    Task<PartitionRunStatus?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops a run. No further partition begins.</summary>
    Task StopAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes the history of a run that has ended.</summary>
    Task PurgeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes the histories of all ended runs that were started before the given time.</summary>
    Task PurgeAllAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>The status of a run.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="End">The result of the run; null while it runs, and if it was interrupted.</param>
/// <param name="Failure">Why the run was interrupted and will have no result; null if it was not.</param>
internal sealed record PartitionRunStatus(double Progress, PartitionResult? End = null, string? Failure = null);
