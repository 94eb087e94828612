using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Execution.Partitions;

namespace Slowlane.Functions;

/// <summary>The parts of jobs that are split: an orchestration for each attempt, an activity for each part.</summary>
public sealed class PartitionFunctions(JobEndpoints engine)
{
    private readonly PartitionRunner _parts = engine.Get<PartitionRunner>();
    private readonly PartitionCleanup _upkeep = engine.Get<PartitionCleanup>();

    /// <summary>Runs the parts of an attempt.</summary>
    [Function(PartitionOrchestrator.Name)]
    public static Task<PartitionResult> RunParts([OrchestrationTrigger] TaskOrchestrationContext context) => PartitionOrchestrator.RunAsync(context);

    /// <summary>Computes one part.</summary>
    [Function(PartitionOrchestrator.Part)]
    public Task<PartitionResult> RunPart([ActivityTrigger] PartitionInput order, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _parts.RunAsync(order, stop), cancellationToken);

    /// <summary>Deletes what is left of runs whose holder could not, once an hour.</summary>
    [Function("ForgetParts")]
    public Task ForgetParts([TimerTrigger("0 23 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => _upkeep.ForgetAsync(new DurablePartitionRuns(client), cancellationToken);
}
