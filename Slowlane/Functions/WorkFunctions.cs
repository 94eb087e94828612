using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Maintenance;

namespace Slowlane.Functions;

/// <summary>What happens behind the requests: running jobs, putting bad messages aside, sweeping up.</summary>
public sealed class WorkFunctions(JobEndpoints engine)
{
    private readonly JobRunner _runner = engine.Get<JobRunner>();
    private readonly PoisonRecorder _poison = engine.Get<PoisonRecorder>();
    private readonly Sweeper _sweeper = engine.Get<Sweeper>();
    private readonly KeyExpiry _keys = engine.Get<KeyExpiry>();

    /// <summary>Runs the job of a message.</summary>
    [Function("RunJob")]
    public Task RunJob([QueueTrigger("jobs")] string message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _runner.RunAsync(message, new DurablePartitionRuns(client), stop), cancellationToken);

    /// <summary>Ends the job of a message that could not be handled.</summary>
    [Function("RecordPoison")]
    public Task RecordPoison([QueueTrigger("jobs-poison")] string message, CancellationToken cancellationToken)
        => engine.RunAsync(stop => _poison.RecordAsync(message, stop), cancellationToken);

    /// <summary>Heals what vanished processes left behind, four times a minute.</summary>
    [Function("Sweep")]
    public Task Sweep([TimerTrigger("*/15 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => _sweeper.SweepAsync(cancellationToken);

    /// <summary>Deletes the records of idempotency keys that are free again, once an hour.</summary>
    [Function("ExpireKeys")]
    public Task ExpireKeys([TimerTrigger("0 41 * * * *")] TimerInfo timer, CancellationToken cancellationToken)
        => _keys.ExpireAsync(cancellationToken);
}
