using Microsoft.DurableTask;

namespace Slowlane.Execution.Partitions;

/// <summary>How the parts of an attempt are run: all at once, as far as there are workers. Run again from its history at every step, so it may only do what comes out the same.</summary>
internal static class PartitionOrchestrator
{
    /// <summary>The orchestration's name.</summary>
    public const string Name = "RunParts";

    /// <summary>The activity's name: one part.</summary>
    public const string Part = "RunPart";

    // What is thrown is an outage, a stopping worker or a lost one: five tries within a quarter of a minute. An outage that
    // takes longer is the holder's to wait for, with another snapshot.
    private static readonly TaskOptions Again = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2));

    /// <summary>Returns how the first part ended that did not end well, without waiting for the others; done when all are.</summary>
    public static async Task<PartitionResult> RunAsync(TaskOrchestrationContext context)
    {
        var order = context.GetInput<PartitionRunInput>()!;
        var parts = order.Ranges.Select((_, part) => context.CallActivityAsync<PartitionResult>(Part, order.Of(part), Again)).ToList();
        while (parts.Count > 0)
        {
            var ended = await Task.WhenAny(parts);
            parts.Remove(ended);
            var end = await ended;
            if (end.Kind != PartitionResultKind.Done)
            {
                return end;
            }

            context.SetCustomStatus(new PartitionProgress(order.Ranges.Count - parts.Count, order.Ranges.Count));
        }

        return PartitionResult.Done;
    }
}

/// <summary>What a run says of itself while it goes on.</summary>
/// <param name="Done">Parts that are done.</param>
/// <param name="Of">Of how many.</param>
internal sealed record PartitionProgress(int Done, int Of);
