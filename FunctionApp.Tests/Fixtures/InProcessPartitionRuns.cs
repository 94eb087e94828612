using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Slowlane.Execution.Partitions;
using Slowlane.Resilience;

namespace Slowlane.Tests.Fixtures;

/// <summary>Stands for the durable task hub: runs the app's own plan of parts in this process, and forgets everything with it.</summary>
internal sealed class InProcessPartitionRuns(PartitionRunner parts, int atOnce) : IPartitionRuns, IHostedService, IDisposable
{
    private readonly ConcurrentDictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _places = new(atOnce);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>How many runs have a history here.</summary>
    public int Kept => _runs.Count;

    /// <summary>How many runs go on.</summary>
    public int Running => _runs.Values.Count(run => !run.End.IsCompleted);

    public Task StartAsync(string id, PartitionRunInput input, CancellationToken cancellationToken)
    {
        var run = new Run(_stopping.Token);
        var plan = new PlanContext(id, Copy(input), part => RunPartAsync(part, run), status => run.Status = Copy(status));
        using (ExecutionContext.SuppressFlow()) // Neither scopes of the log nor spans go through a hub.
        {
            run.End = Task.Run(() => PartitionOrchestrator.RunAsync(plan), CancellationToken.None);
        }

        return _runs.TryAdd(id, run) ? Task.CompletedTask : throw new PartitionRunLostException($"The run {id} is there already.");
    }

    public async Task<PartitionRunStatus?> GetAsync(string id, CancellationToken cancellationToken)
        => !_runs.TryGetValue(id, out var run) ? null
            : run.Terminated.IsCancellationRequested ? new PartitionRunStatus(0, Failure: "it was terminated from outside")
            : !run.End.IsCompleted ? new PartitionRunStatus(run.Status is { Of: > 0 } status ? (double)status.Done / status.Of : 0)
            : run.End.IsCompletedSuccessfully ? new PartitionRunStatus(1, Copy(await run.End))
            : new PartitionRunStatus(0, Failure: run.End.Exception?.InnerException?.Message ?? "it was cancelled");

    public Task StopAsync(string id, CancellationToken cancellationToken)
        => _runs.TryGetValue(id, out var run) ? run.Terminated.CancelAsync() : throw new PartitionRunLostException($"There is no run {id}.");

    public Task PurgeAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_runs.TryRemove(id, out _));

    public Task PurgeAllAsync(DateTimeOffset before, CancellationToken cancellationToken)
        => throw new NotSupportedException("The runs here have no dates; a test of that needs the durable extension.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends the parts that run.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        foreach (var run in _runs.Values)
        {
            await ((Task)run.End).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _places.Dispose();
        _stopping.Dispose();
    }

    // No part of a run that was stopped begins; one that has begun looks after itself.
    private async Task<PartitionResult> RunPartAsync(PartitionInput input, Run run)
    {
        await _places.WaitAsync(run.Terminated.Token);
        try
        {
            return Copy(await parts.RunAsync(Copy(input), _stopping.Token));
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>What is left of a value on its way through the hub.</summary>
    private static T Copy<T>(T value) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(value))!;

    private sealed class Run(CancellationToken stopping)
    {
        public CancellationTokenSource Terminated { get; } = CancellationTokenSource.CreateLinkedTokenSource(stopping);

        public Task<PartitionResult> End { get; set; } = null!;

        public PartitionProgress? Status { get; set; }
    }
}
