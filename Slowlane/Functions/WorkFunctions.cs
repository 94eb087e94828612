using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Maintenance;

namespace Slowlane.Functions;

/// <summary>The functions of a worker: running jobs, recording poison messages, and maintenance.</summary>
public sealed class WorkFunctions(JobEndpoints engine)
{
    private readonly JobRunner _runner = engine.Get<JobRunner>();
    private readonly PoisonRecorder _poison = engine.Get<PoisonRecorder>();
    private readonly Sweeper _sweeper = engine.Get<Sweeper>();
    private readonly KeyExpiry _keys = engine.Get<KeyExpiry>();

    /// <summary>Runs the jobs of a message.</summary>
    [Function("RunJob")]
    public Task RunJob([QueueTrigger("jobs")] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _runner.RunAsync(message, new DurablePartitionRuns(client), stop), cancellationToken);

    /// <summary>Records a poison message and ends its job.</summary>
    [Function("RecordPoison")]
    public Task RecordPoison([QueueTrigger("jobs-poison")] string message, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _poison.RecordAsync(message, stop), cancellationToken);

    /// <summary>Sweeps four times a minute: repairs what vanished processes left behind.</summary>
    [Function("Sweep")]
    public Task Sweep([TimerTrigger("*/15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => _sweeper.SweepAsync(cancellationToken);

    /// <summary>Once an hour, deletes the records of expired idempotency keys.</summary>
    [Function("ExpireKeys")]
    public Task ExpireKeys([TimerTrigger("0 41 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => _keys.ExpireAsync(cancellationToken);
}
