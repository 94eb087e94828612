using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Slowlane.LocalHost.Durable.Storage;

namespace Slowlane.LocalHost.Durable;

/// <summary>The client that functions get: it writes to the database and reads from it, in every role.</summary>
internal sealed class LocalDurableClient(InstanceStore instances, DataConverter converter, DurableOptions options, TimeProvider time) : DurableTaskClient(options.HubName)
{
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(400);

    public override async Task<string> ScheduleNewOrchestrationInstanceAsync(
        TaskName orchestratorName, object? input = null, StartOrchestrationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(orchestratorName.Name, nameof(orchestratorName));
        var id = options?.InstanceId ?? Guid.NewGuid().ToString("N");
        return await instances.ScheduleAsync(id, orchestratorName.Name, converter.Serialize(input), options?.StartAt, cancellation)
            ? id
            : throw new OrchestrationAlreadyExistsException($"An Orchestration instance with the ID {id} already exists.");
    }

    public override async Task RaiseEventAsync(string instanceId, string eventName, object? eventPayload = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        ArgumentException.ThrowIfNullOrEmpty(eventName);
        if (!await instances.RaiseAsync(instanceId, eventName, converter.Serialize(eventPayload), cancellation)
            && await instances.FindAsync(instanceId, converter: null, cancellation) is { } ended)
        {
            throw new InvalidOperationException($"Cannot raise event {eventName} for orchestration instance {instanceId} because instance is in {ended.RuntimeStatus} state");
        }
    }

    public override async Task TerminateInstanceAsync(string instanceId, TerminateInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (!await instances.TerminateAsync(instanceId, converter.Serialize(options?.Output), cancellation))
        {
            throw new InvalidOperationException(await instances.FindAsync(instanceId, converter: null, cancellation) is { } ended
                ? $"Cannot terminate the orchestration instance {instanceId} because instance is in the {ended.RuntimeStatus} state."
                : $"No instance with ID '{instanceId}' was found.");
        }
    }

    public override Task<OrchestrationMetadata> WaitForInstanceStartAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, static instance => instance.RuntimeStatus is not OrchestrationRuntimeStatus.Pending, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata> WaitForInstanceCompletionAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
        => WaitAsync(instanceId, static instance => instance.IsCompleted, getInputsAndOutputs, cancellation);

    public override Task<OrchestrationMetadata?> GetInstancesAsync(string instanceId, bool getInputsAndOutputs = false, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return instances.FindAsync(instanceId, getInputsAndOutputs ? converter : null, cancellation);
    }

    public override async Task<PurgeResult> PurgeInstanceAsync(string instanceId, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        return new PurgeResult(await instances.PurgeAsync(instanceId, cancellation));
    }

    public override async Task<PurgeResult> PurgeAllInstancesAsync(PurgeInstancesFilter filter, PurgeInstanceOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(filter);
        return new PurgeResult(await instances.PurgeAllAsync(filter, cancellation));
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<OrchestrationMetadata> WaitAsync(string instanceId, Func<OrchestrationMetadata, bool> until, bool getInputsAndOutputs, CancellationToken cancellation)
    {
        for (var wait = FirstPoll; ; wait = wait * 2 < LongestPoll ? wait * 2 : LongestPoll)
        {
            var instance = await GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation) ?? throw new InvalidOperationException($"No instance with ID '{instanceId}' was found.");
            if (until(instance))
            {
                return instance;
            }

            await Task.Delay(wait, time, cancellation);
        }
    }
}
