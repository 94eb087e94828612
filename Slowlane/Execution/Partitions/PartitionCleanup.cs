using Microsoft.Extensions.Logging;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>Deletes the histories of runs whose coordinator was killed, or had no time to delete them.</summary>
internal sealed partial class PartitionCleanup(TimeProvider time, ILogger<PartitionCleanup> log)
{
    /// <summary>A run lasts at most one step, and this is the longest time limit of a step (<c>JobOptions.TimeLimit</c>). So no coordinator needs an older run.</summary>
    private static readonly TimeSpan Age = TimeSpan.FromDays(7);

    /// <summary>Deletes old histories once.</summary>
    public async Task PurgeAsync(IPartitionRuns runs, CancellationToken cancellationToken)
    {
        try
        {
            await runs.PurgeAllAsync(time.GetUtcNow() - Age, cancellationToken);
        }
        catch (PartitionRunLostException e)
        {
            Postponed(log, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Deleting the histories of old runs of parts is postponed: {Reason}")]
    private static partial void Postponed(ILogger log, string reason);
}
