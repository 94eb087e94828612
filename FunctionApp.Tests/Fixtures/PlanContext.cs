using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Execution.Partitions;

namespace Slowlane.Tests.Fixtures;

/// <summary>What the plan of parts needs of an orchestration: its input, activities that are tried again, a status. Never replayed.</summary>
internal sealed class PlanContext(string id, PartitionRunInput input, Func<PartitionInput, Task<PartitionResult>> activity, Action<PartitionProgress> setStatus) : TaskOrchestrationContext
{
    public override TaskName Name => PartitionOrchestrator.Name;

    public override string InstanceId => id;

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => throw Unknown();

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public override T GetInput<T>() => (T)(object)input;

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Xunit.Assert.Equal(PartitionOrchestrator.Part, name.Name);
        var policy = options!.Retry!.Policy!;
        var wait = policy.FirstRetryInterval;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (TResult)(object)await activity((PartitionInput)input!);
            }
#pragma warning disable CA1031 // The policy names no kind of failure.
            catch (Exception e) when (e is not OperationCanceledException && attempt < policy.MaxNumberOfAttempts)
#pragma warning restore CA1031
            {
                await Task.Delay(wait);
                wait *= policy.BackoffCoefficient;
            }
        }
    }

    public override void SetCustomStatus(object? customStatus) => setStatus((PartitionProgress)customStatus!);

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken) => throw Unknown();

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default) => throw Unknown();

    public override void SendEvent(string instanceId, string eventName, object payload) => throw Unknown();

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null) => throw Unknown();

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => throw Unknown();

    public override Guid NewGuid() => throw Unknown();

    private static NotSupportedException Unknown() => new("The plan of parts asks for more than it did: teach it to this context.");
}
