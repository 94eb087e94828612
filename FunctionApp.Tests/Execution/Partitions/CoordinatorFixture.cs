using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution.Partitions;

/// <summary>Holder and workers of a split job in this process, on one lane each, with a hub that does what a test says.</summary>
internal sealed class CoordinatorFixture : IPartitionRuns, IAsyncDisposable
{
    private readonly ComputeLanes _lanes = new(1, TimeProvider.System);
    private readonly PartitionLanes _partLanes;
    private readonly PartitionCoordinator _holder;
    private readonly ServiceProvider _types;
    private readonly ConcurrentQueue<string> _calls = [];
    private readonly ConcurrentDictionary<string, Task<PartitionResult>> _runs = new(StringComparer.Ordinal);

    private CoordinatorFixture(TestStores stores)
    {
        Stores = stores;
        var options = stores.Options with { Lanes = 1 };
        _partLanes = new PartitionLanes(options, TimeProvider.System);
        Type = SumJob.Registered();
        _types = new ServiceCollection().AddSingleton(Job).BuildServiceProvider();
        _holder = new PartitionCoordinator(stores.Parts, stores.OutageRetry, TimeProvider.System, NullLogger<PartitionCoordinator>.Instance);
        Runner = new PartitionRunner(
            stores.Parts,
            new PartitionComputation(new JobRegistry([Type, TestStores.Spin]), _partLanes, new InputBlobs(options), stores.Ready, _types.GetRequiredService<IServiceScopeFactory>(), Attempts.Metrics),
            new WorkerRecycler(_lanes, _partLanes, options, new Endless(), NullLogger<WorkerRecycler>.Instance),
            stores.OutageRetry,
            TimeProvider.System,
            NullLogger<PartitionRunner>.Instance);
    }

    public TestStores Stores { get; }

    public SumJob Job { get; } = new();

    public JobHandler Type { get; }

    public PartitionRunner Runner { get; }

    /// <summary>What the holder asked of the hub, in order, looks aside.</summary>
    public string Calls => string.Join(' ', _calls);

    /// <summary>Runs before the hub does anything: it may throw.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Runs after the hub has started a run: it may throw.</summary>
    public Action AfterStart { get; set; } = () => { };

    /// <summary>What the hub says of a run, instead of how it is really getting on.</summary>
    public PartitionRunStatus? Says { get; set; }

    public static async Task<CoordinatorFixture> CreateAsync()
    {
        var stores = await TestStores.CreateAsync();
        await stores.Ready.ReadyAsync(Cancellation);
        await stores.Sql.ExecuteAsync(SumJob.Table);
        return new CoordinatorFixture(stores);
    }

    public async Task<Claim> ClaimAsync(int partitions)
        => (await Stores.Claims.ClaimAsync(new Envelope(JobId.New(TimeProvider.System, Type.Tag), "sum", Input(partitions), null), Type, Cancellation))!;

    /// <summary>One attempt, up to the write.</summary>
    public async Task<Computed> AttemptAsync(Claim claim, CancellationToken cancellationToken)
    {
        using var lane = await _lanes.ReserveAsync(cancellationToken);
        var context = new JobContext(claim.Id, "sum", claim.Attempt, cancellationToken);
        return await Type.RunAsync(_types, claim.Input!, Stores.Ready.Source, lane, context, _holder.For(claim, this, context));
    }

    public async Task StartAsync(string id, PartitionRunInput input, CancellationToken cancellationToken)
    {
        await NoteAsync("start");
        Assert.True(_runs.TryAdd(id, RunAsync(input)));
        AfterStart();
    }

    public async Task<PartitionRunStatus?> GetAsync(string id, CancellationToken cancellationToken)
    {
        await Before("look");
        return !_runs.TryGetValue(id, out var run) ? null
            : Says ?? (!run.IsCompleted ? new PartitionRunStatus(0.5) : run.IsFaulted ? new PartitionRunStatus(0, Failure: run.Exception.Message) : new PartitionRunStatus(1, await run));
    }

    public Task StopAsync(string id, CancellationToken cancellationToken) => NoteAsync("stop");

    public Task PurgeAsync(string id, CancellationToken cancellationToken) => NoteAsync("forget");

    public Task PurgeAllAsync(DateTimeOffset before, CancellationToken cancellationToken) => NoteAsync("forget all");

    /// <summary>Returns once no part is running any more.</summary>
    public async Task DrainAsync()
    {
        foreach (var run in _runs.Values)
        {
            await ((Task)run).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Stores.Sql.ExecuteAsync("delete from slowlane.job"); // So that no part goes on, whatever the test came to.
        await DrainAsync();
        _partLanes.Dispose();
        _lanes.Dispose();
        await _types.DisposeAsync();
        Job.Dispose();
        await Stores.DisposeAsync();
    }

    private static string Input(int partitions) => $$"""{"partitions":{{partitions}}}""";

    private async Task NoteAsync(string call)
    {
        _calls.Enqueue(call);
        await Before(call);
    }

    private async Task<PartitionResult> RunAsync(PartitionRunInput input)
    {
        var ends = await Task.WhenAll(input.Ranges.Select((_, part) => Runner.RunAsync(input.Of(part), Cancellation)));
        return ends.FirstOrDefault(end => end.Kind != PartitionResultKind.Done) ?? PartitionResult.Done;
    }

    private sealed class Endless : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
