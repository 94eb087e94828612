using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>Partition runs as orchestrations of Durable Functions. Created for each invocation, because the client belongs to one.</summary>
internal sealed class DurablePartitionRuns(DurableTaskClient client) : IPartitionRuns
{
    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <inheritdoc/>
    public Task StartAsync(string id, PartitionRunInput input, CancellationToken cancellationToken)
        => CallAsync(() => client.ScheduleNewOrchestrationInstanceAsync(PartitionOrchestrator.Name, input, new StartOrchestrationOptions(id), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PartitionRunStatus?> GetAsync(string id, CancellationToken cancellationToken)
        => CallAsync(async () => await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } found ? Read(found) : null, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string id, CancellationToken cancellationToken) => CallAsync(
        async () =>
        {
            await client.TerminateInstanceAsync(id, "The attempt is over.", cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task PurgeAsync(string id, CancellationToken cancellationToken)
        => CallAsync(() => client.PurgeInstanceAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>The filter has a start time, because the extension fails without one.</remarks>
    public Task PurgeAllAsync(DateTimeOffset before, CancellationToken cancellationToken)
        => CallAsync(() => client.PurgeAllInstancesAsync(new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, before, Ended), cancellationToken), cancellationToken);

    private static PartitionRunStatus Read(OrchestrationMetadata found) => found.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => new PartitionRunStatus(1, found.ReadOutputAs<PartitionResult>()),
        OrchestrationRuntimeStatus.Failed => new PartitionRunStatus(0, Failure: found.FailureDetails?.ToString() ?? "no reason was kept"),
        OrchestrationRuntimeStatus.Terminated => new PartitionRunStatus(0, Failure: "it was terminated from outside"),
        _ => new PartitionRunStatus(found.SerializedCustomStatus is null ? 0 : Fraction(found.ReadCustomStatusAs<PartitionProgress>())),
    };

    private static double Fraction(PartitionProgress? status) => status is { Of: > 0 } ? (double)status.Done / status.Of : 0;

    // The client decides which exception an unreachable hub throws: over gRPC a different one than in one process.
    private static async Task<T> CallAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
#pragma warning disable CA1031 // After any failure another try may succeed; see above.
        catch (Exception e)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PartitionRunLostException($"The durable task hub did not answer: {e.Message}", e);
        }
    }
}
