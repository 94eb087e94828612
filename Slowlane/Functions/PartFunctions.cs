using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Execution.Partitions;

namespace Slowlane.Functions;

/// <summary>The parts of jobs that are split: an orchestration for each attempt, an activity for each part.</summary>
public sealed class PartFunctions(JobEndpoints engine)
{
    private readonly PartRunner _parts = engine.Get<PartRunner>();
    private readonly PartsUpkeep _upkeep = engine.Get<PartsUpkeep>();

    /// <summary>Runs the parts of an attempt.</summary>
    [Function(PartsPlan.Name)]
    public static Task<PartEnd> RunParts([OrchestrationTrigger] TaskOrchestrationContext context) => PartsPlan.RunAsync(context);

    /// <summary>Computes one part.</summary>
    [Function(PartsPlan.Part)]
    public Task<PartEnd> RunPart([ActivityTrigger] PartOrder order, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _parts.RunAsync(order, stop), cancellationToken);

    /// <summary>Deletes what is left of runs whose holder could not, once an hour.</summary>
    [Function("ForgetParts")]
    public Task ForgetParts([TimerTrigger("0 23 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => _upkeep.ForgetAsync(new DurablePartRuns(client), cancellationToken);
}
