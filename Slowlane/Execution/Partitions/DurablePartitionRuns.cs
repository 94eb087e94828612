using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>Runs as orchestrations of Durable Functions. Made for each invocation: the client is bound to it.</summary>
internal sealed class DurablePartitionRuns(DurableTaskClient client) : IPartitionRuns
{
    private static readonly OrchestrationRuntimeStatus[] Ended =
        [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated];

    /// <inheritdoc/>
    public Task StartAsync(string id, PartitionRunInput order, CancellationToken cancellationToken)
        => AskAsync(() => client.ScheduleNewOrchestrationInstanceAsync(PartitionOrchestrator.Name, order, new StartOrchestrationOptions(id), cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<PartitionRunStatus?> LookAsync(string id, CancellationToken cancellationToken)
        => AskAsync(async () => await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } found ? Read(found) : null, cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string id, CancellationToken cancellationToken) => AskAsync(
        async () =>
        {
            await client.TerminateInstanceAsync(id, "The attempt is over.", cancellationToken);
            return true;
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task ForgetAsync(string id, CancellationToken cancellationToken)
        => AskAsync(() => client.PurgeInstanceAsync(id, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>With a beginning: the extension fails without one.</remarks>
    public Task ForgetAllAsync(DateTimeOffset before, CancellationToken cancellationToken)
        => AskAsync(() => client.PurgeAllInstancesAsync(new PurgeInstancesFilter(DateTimeOffset.UnixEpoch, before, Ended), cancellationToken), cancellationToken);

    private static PartitionRunStatus Read(OrchestrationMetadata found) => found.RuntimeStatus switch
    {
        OrchestrationRuntimeStatus.Completed => new PartitionRunStatus(1, found.ReadOutputAs<PartitionResult>()),
        OrchestrationRuntimeStatus.Failed => new PartitionRunStatus(0, CutOff: found.FailureDetails?.ToString() ?? "no reason was kept"),
        OrchestrationRuntimeStatus.Terminated => new PartitionRunStatus(0, CutOff: "it was terminated from outside"),
        _ => new PartitionRunStatus(found.SerializedCustomStatus is null ? 0 : Fraction(found.ReadCustomStatusAs<PartitionProgress>())),
    };

    private static double Fraction(PartitionProgress? status) => status is { Of: > 0 } ? (double)status.Done / status.Of : 0;

    // Which exception a hub that can't be reached throws is its client's own: over gRPC another than in one process.
    private static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask();
        }
#pragma warning disable CA1031 // See above: whatever it is, another try may go better.
        catch (Exception e)
#pragma warning restore CA1031
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw new PartitionRunLostException($"The durable task hub did not answer: {e.Message}", e);
        }
    }
}
