using BenchmarkDotNet.Attributes;
using Npgsql;
using Slowlane.Bench.Hosts;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;

namespace Slowlane.Bench.Micro;

/// <summary>What a worker's first statement costs on a real PostgreSQL that waits for its disk.</summary>
[MemoryDiagnoser]
public class ClaimBenchmarks : IAsyncDisposable
{
    private BenchServices? _services;
    private NpgsqlDataSource? _source;
    private Stores? _stores;
    private Envelope? _claimed;

    // Not async themselves: BenchmarkDotNet doesn't wait for a set-up that runs in its own process.
    [GlobalSetup]
    public void Start() => StartAsync().GetAwaiter().GetResult();

    [GlobalCleanup]
    public void Stop() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark]
    public Task<bool> NewJob() => SetOfAsync(1);

    /// <summary>The message came again while its job runs.</summary>
    [Benchmark]
    public async Task<bool> LeasedJob() => await _stores!.ClaimAsync(_claimed!) is not null;

    /// <summary>Per job, of ten that came in one message.</summary>
    [Benchmark(OperationsPerInvoke = 10)]
    public Task<bool> SetOf10() => SetOfAsync(10);

    /// <summary>Per job, of a hundred.</summary>
    [Benchmark(OperationsPerInvoke = 100)]
    public Task<bool> SetOf100() => SetOfAsync(100);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _stores?.Dispose();
        if (_source is not null)
        {
            await _source.DisposeAsync();
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }

    private async Task StartAsync()
    {
        _services = await BenchServices.StartDurableAsync(storage: false);
        var options = new SlowlaneOptions { Database = _services.Database, Storage = "UseDevelopmentStorage=true" };
        _source = Database.Open(options);
        _stores = new Stores(_source, options);
        _claimed = New();
        await _stores.ClaimAsync(_claimed);
    }

    private async Task<bool> SetOfAsync(int jobs)
        => (await _stores!.Claims.ClaimAsync([.. Enumerable.Range(0, jobs).Select(_ => New())], Stores.Spin, CancellationToken.None)).Taken.Count == jobs;

    private static Envelope New() => new(JobId.New(TimeProvider.System, Stores.Spin.Tag), "spin", """{"id":1}""", null);
}
