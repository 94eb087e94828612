using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Execution.Partitions;

namespace Slowlane.Functions;

/// <summary>Runs the partitions of split jobs: one orchestration for each attempt, one activity for each partition.</summary>
public sealed class PartitionFunctions(JobEndpoints engine)
{
    private readonly PartitionRunner _parts = engine.Get<PartitionRunner>();
    private readonly PartitionCleanup _cleanup = engine.Get<PartitionCleanup>();

    /// <summary>Runs the partitions of an attempt.</summary>
    [Function(PartitionOrchestrator.Name)]
    public static Task<PartitionResult> RunParts([OrchestrationTrigger] TaskOrchestrationContext context) => PartitionOrchestrator.RunAsync(context);

    /// <summary>Computes one partition.</summary>
    [Function(PartitionOrchestrator.Part)]
    public Task<PartitionResult> RunPart([ActivityTrigger] PartitionInput input, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _parts.RunAsync(input, stop), cancellationToken);

    /// <summary>Once an hour, deletes what is left of runs that their coordinator could not clean up.</summary>
    [Function("PurgePartitionRuns")]
    public Task PurgePartitionRuns([TimerTrigger("0 23 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => _cleanup.PurgeAsync(new DurablePartitionRuns(client), cancellationToken);
}
