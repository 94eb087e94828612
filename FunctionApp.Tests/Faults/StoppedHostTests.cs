using System.Diagnostics;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class StoppedHostTests
{
    private const int Jobs = 20;

    [Fact]
    public async Task Host_ToldToStopUnderLoad_HandsEveryRunningJobBackAtOnceAndLosesNone()
    {
        await using var cluster = await Cluster.StartAsync(settings: ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "00:00:01"));
        for (var job = 1; job <= Jobs; job++)
        {
            await cluster.SubmitAsync(job, spinMs: job < 4 ? 1 : 150);
        }

        await using var host = await HostProcess.StartAsync(cluster.Settings, "--workers", "2");
        await cluster.UntilAsync("count(*) filter (where status = 'running') = 2 and count(*) filter (where status = 'succeeded') > 2 from slowlane.job");

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await host.SignalAsync("-TERM"));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(30));
        Assert.Contains("handed back", host.Output, StringComparison.Ordinal);
        Assert.Equal(0, await cluster.AskAsync<long>("select count(*) from slowlane.job where status <> 'succeeded' and (status, attempt, lost_leases) <> ('queued', 0, 0)"));
        Assert.True(await cluster.AskAsync<bool>("select count(*) > 0 from slowlane.job where status = 'queued' and due_at <= now()"));

        await cluster.JoinAsync();
        await cluster.UntilAsync($"count(*) = {Jobs} from slowlane.job where status = 'succeeded'");
        await cluster.WrittenOnceAsync(Jobs);
        Assert.Equal("1 0", await cluster.AskAsync<string>("select max(attempt) || ' ' || max(lost_leases) from slowlane.job"));
        await cluster.UntilQueueIsEmptyAsync();
    }
}
