using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Slowlane.Jobs;
using Slowlane.Maintenance;
using Slowlane.Storage;
using Slowlane.Telemetry;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

/// <summary>Sweeps that no timer asks for, by a clock that the test moves.</summary>
public sealed class SweepStandInTests : IAsyncLifetime
{
    private readonly TestTime _time = new();
    private TestStores _stores = null!;
    private ServiceProvider _services = null!;

    public async ValueTask InitializeAsync()
    {
        _stores = await TestStores.CreateAsync(await TestServices.StorageAsync());
        _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _stores.DisposeAsync();
    }

    [Fact]
    public async Task Job_OfAVanishedWorker_IsTakenBackOnceNoTimerHasSweptForLong()
    {
        var sweeper = Sweeper();
        using var standIn = new SweepStandIn(sweeper, _time, NullLogger<SweepStandIn>.Instance) { NextRandom = () => 0 };
        var claim = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(claim.Id);
        await standIn.StartAsync(Cancellation);

        await LaterAsync(SweepTurn.Shortest);

        Assert.Equal(JobStatus.Queued, (await _stores.RowAsync(claim.Id)).Status);
        await standIn.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Process_WhoseTimerSweeps_LeavesItToTheTimer()
    {
        var sweeper = Sweeper();
        using var standIn = new SweepStandIn(sweeper, _time, NullLogger<SweepStandIn>.Instance) { NextRandom = () => 0 };
        await standIn.StartAsync(Cancellation);
        await WaitsAsync();
        _time.Advance(SweepTurn.Shortest / 2);
        await sweeper.SweepAsync(Cancellation); // The timer's.
        var claim = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(claim.Id);

        _time.Advance(SweepTurn.Shortest / 2);
        await WaitsAsync(); // It looked, and waits anew.

        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(claim.Id)).Status);
        await standIn.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Sweep_ThatFails_IsFollowedByOthers()
    {
        var sweeper = Sweeper();
        using var standIn = new SweepStandIn(sweeper, _time, NullLogger<SweepStandIn>.Instance) { NextRandom = () => 0 };
        var claim = await _stores.ClaimNewAsync();
        await _stores.ExpireAsync(claim.Id);
        await _stores.Sql.ExecuteAsync("alter table slowlane.cancellation rename to elsewhere");
        await standIn.StartAsync(Cancellation);
        await LaterAsync(SweepTurn.Shortest);
        Assert.Equal(JobStatus.Running, (await _stores.RowAsync(claim.Id)).Status);

        await _stores.Sql.ExecuteAsync("alter table slowlane.elsewhere rename to cancellation");
        _time.Advance(SweepTurn.Shortest);
        await WaitsAsync();

        Assert.Equal(JobStatus.Queued, (await _stores.RowAsync(claim.Id)).Status);
        await standIn.StopAsync(Cancellation);
    }

    [Fact]
    public void EveryProcess_HasOne()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true", ["Slowlane:Database"] = "Host=h" };
        var services = new ServiceCollection().AddSlowlane(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());

        Assert.Single(services, service => service.ImplementationType == typeof(SweepStandIn));
    }

    /// <summary>Lets so much time pass, once somebody waits, and returns once somebody waits again.</summary>
    private async Task LaterAsync(TimeSpan by)
    {
        await WaitsAsync();
        _time.Advance(by);
        await WaitsAsync();
    }

    /// <summary>Returns once the next turn is waited for.</summary>
    private async Task WaitsAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        await _time.TimerStartedAsync(limit.Token);
    }

    private Sweeper Sweeper()
    {
        var retention = new Retention(_stores.Retention, new InputBlobs(_stores.Options), _stores.Results, _time);
        var queue = new JobQueue(_stores.Options);
        var wakeUps = new WakeUps(queue);
        return new Sweeper(_stores.Sweeps, new PausedJobs(_stores.Sweeps, wakeUps, _time), retention, wakeUps, new JobMetrics(_services.GetRequiredService<IMeterFactory>()), _time, NullLogger<Sweeper>.Instance);
    }
}
