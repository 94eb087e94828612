using System.Diagnostics;
using System.Globalization;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>Stops in the middle of a long job: a process that hears of its end hands the job back itself, of one that doesn't hear it is taken back.</summary>
public sealed class StoppedWorkerTests
{
    private const string Ends = "select status || ' ' || attempt || ' ' || lost_leases from slowlane.job";

    [Fact]
    public async Task Worker_ToldToStopInTheMiddleOfAJob_HandsItBackUnchargedAndTheHostStartsAnotherThatRunsIt()
    {
        await using var cluster = await Cluster.StartAsync();
        var host = cluster.StartWorker();
        var location = await cluster.SubmitAsync(spinMs: 1_500);
        await cluster.UntilAsync("progress > 0 from slowlane.job");

        var stopped = await host.Workers.SignalAsync("-TERM");

        await host.SaysAsync("handed back");
        await host.SaysAsync($"process {stopped} ended with exit code");
        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("succeeded 1 0 2", await cluster.AskAsync<string>("select status || ' ' || attempt || ' ' || lost_leases || ' ' || fence from slowlane.job"));
        Assert.Equal(2, host.Workers.All.Count);
    }

    [Fact]
    public async Task Host_InterruptedByCtrlCInTheMiddleOfAJob_HandsItBackUnchargedWithinSeconds()
    {
        await using var cluster = await Cluster.StartAsync();
        var host = await cluster.StartHostAsync("--workers", "1");
        var location = await cluster.SubmitAsync(spinMs: 60_000);
        await cluster.UntilAsync("progress > 0 from slowlane.job");

        await host.Workers.SignalAsync("-INT", "web"); // A terminal interrupts all of its processes.
        await host.Workers.SignalAsync("-INT");
        var progress = await cluster.AskAsync<double>("select progress from slowlane.job");
        await cluster.UntilAsync(string.Create(CultureInfo.InvariantCulture, $"progress > {progress} or status <> 'running' or fence > 1 from slowlane.job"));
        Assert.Equal("running 1", await cluster.AskAsync<string>("select status || ' ' || fence from slowlane.job")); // Workers stop when the host tells them.
        Assert.Equal(0, await host.SignalAsync("-INT"));

        Assert.DoesNotContain("was ended by signal", host.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("is killed", host.Output, StringComparison.Ordinal);
        Assert.Equal("queued 0 0", await cluster.AskAsync<string>(Ends));
        Assert.Equal("queued", await cluster.StatusAsync(location));
        Assert.NotEmpty((await cluster.Queue.PeekMessagesAsync(32, Cancellation)).Value); // Visible: whoever comes next runs it.
    }

    [Fact]
    public async Task Worker_ThatDoesNotHearOfTheStop_IsKilledAfterTheGraceAndItsJobRunsElsewhere()
    {
        await using var cluster = await Cluster.StartAsync(lease: 2);
        var host = cluster.StartWorker();
        var location = await cluster.SubmitAsync(spinMs: 1_500);
        await cluster.UntilAsync("progress > 0 from slowlane.job");
        var deaf = await host.Workers.SignalAsync("-STOP");

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await host.SignalAsync("-TERM"));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));
        Assert.Contains($"process {deaf} did not end within 10 s and is killed", host.Output, StringComparison.Ordinal);
        Assert.False(ProcessTable.IsAlive(deaf));
        Assert.Equal("running 1 0", await cluster.AskAsync<string>(Ends));

        await cluster.TakeBackAsync();
        await cluster.JoinAsync();
        await cluster.SucceedsOnceAsync(location);
        Assert.Equal("succeeded 1 1", await cluster.AskAsync<string>(Ends));
    }
}
