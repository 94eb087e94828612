namespace Slowlane.Execution.Partitions;

/// <summary>Runs of <see cref="PartitionOrchestrator"/>, as the holder of a job sees them: all it needs of the durable task hub.</summary>
/// <remarks>A hub that doesn't answer throws <c>PartitionRunLostException</c>.</remarks>
internal interface IPartitionRuns
{
    /// <summary>Starts a run under an id that nobody else uses.</summary>
    Task StartAsync(string id, PartitionRunInput order, CancellationToken cancellationToken);

    /// <summary>How a run is getting on; null when there is none.</summary>
    Task<PartitionRunStatus?> LookAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stops a run: no further part begins.</summary>
    Task StopAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes the history of a run that has ended.</summary>
    Task ForgetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Deletes the histories of all runs that ended and were begun before some time.</summary>
    Task ForgetAllAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>How a run is getting on.</summary>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="End">How it came to its end; null while it goes on, and when it was cut off.</param>
/// <param name="CutOff">Why it will come to none; null when it will.</param>
internal sealed record PartitionRunStatus(double Progress, PartitionResult? End = null, string? CutOff = null);
