using Microsoft.DurableTask;

namespace Slowlane.Execution.Partitions;

/// <summary>
/// Runs the partitions of an attempt: all at once, as far as there are workers. Durable Functions replays the method from its
/// history at every step, so it must be deterministic.
/// </summary>
internal static class PartitionOrchestrator
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "RunParts";

    /// <summary>The name of the activity that computes one partition.</summary>
    public const string Part = "RunPart";

    // An activity fails by an outage, a stopping worker or a lost one: it gets five tries within a quarter of a minute. For a
    // longer outage the coordinator waits, and then takes a new snapshot.
    private static readonly TaskOptions RetryOptions = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2));

    /// <summary>
    /// Returns the result of the first partition that is not <c>Done</c>, without waiting for the others; <c>Done</c> if all are.
    /// </summary>
    public static async Task<PartitionResult> RunAsync(TaskOrchestrationContext context)
    {
        var input = context.GetInput<PartitionRunInput>()!;
        var parts = input.Ranges.Select((_, part) => context.CallActivityAsync<PartitionResult>(Part, input.Of(part), RetryOptions)).ToList();
        while (parts.Count > 0)
        {
            var ended = await Task.WhenAny(parts);
            parts.Remove(ended);
            var end = await ended;
            if (end.Kind != PartitionResultKind.Done)
            {
                return end;
            }

            context.SetCustomStatus(new PartitionProgress(input.Ranges.Count - parts.Count, input.Ranges.Count));
        }

        return PartitionResult.Done;
    }
}

/// <summary>The progress that a run reports.</summary>
/// <param name="Done">The number of finished partitions.</param>
/// <param name="Of">The number of all partitions.</param>
internal sealed record PartitionProgress(int Done, int Of);
