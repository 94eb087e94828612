using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Workers;

[Collection(TinyHostTests.Name)]
public sealed partial class DeadWorkerTests(TinyHost host)
{
    [Fact]
    public async Task Messages_GoToTheWorkerWithMostRoom()
    {
        await host.SendAsync("hold", "room");
        await host.SendAsync("hold", "room");

        var held = await host.Notes.UntilAsync("room", 2);

        host.Notes.Open("room");
        await host.UntilEmptyAsync("hold");
        Assert.Equal(2, held.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Worker_ThatDies_FailsItsMessageWhichComesBackOnceAndIsReplaced()
    {
        await host.SendAsync("hold", "dies");
        var pid = int.Parse((await host.Notes.UntilAsync("dies"))[0].Split('|')[0], CultureInfo.InvariantCulture);

        using (var worker = Process.GetProcessById(pid))
        {
            worker.Kill();
        }

        await host.SaysAsync($"process {pid} was ended by signal 9; another is started in 0");
        Assert.EndsWith("|2", (await host.Notes.UntilAsync("dies", 2))[1], StringComparison.Ordinal);
        host.Notes.Open("dies");
        await host.UntilEmptyAsync("hold");
        Assert.Equal(2, host.Notes.Of("dies").Count);
        await UntilBothWorkAsync();
    }

    [Fact]
    public async Task Worker_ThatRecyclesItself_IsReplacedAndItsMessageComesBack()
    {
        await host.SendAsync("recycle", "recycled");

        var pids = await host.Notes.UntilAsync("recycled", 2);

        Assert.NotEqual(pids[0], pids[1], StringComparer.Ordinal);
        await host.SaysAsync($"process {pids[0]} recycled itself; another is started in 0");
        await host.UntilEmptyAsync("recycle");
        await UntilBothWorkAsync();
    }

    [Fact]
    public async Task Worker_ThatDiesOfARequest_IsAnEmpty500AndTheNextRequestWaitsForItsSuccessor()
    {
        var before = await host.AskAsync("GET", "/api/v2/ready");

        Assert.Equal((500, ""), await host.AskAsync("POST", $"/api/v2/crash?code={host.HostKey}"));

        var after = await host.AskAsync("GET", "/api/v2/ready");
        Assert.Equal((200, 200), (before.Status, after.Status));
        Assert.NotEqual(before.Body, after.Body, StringComparer.Ordinal);
        await host.SaysAsync($"[web] process {before.Body} was ended by signal 9; another is started in ");
        Assert.Equal((200, """Completed {"Sum":1}"""), await host.AskAsync("POST", "/api/v2/orchestrate/AddUp?a"));
    }

    [Fact]
    public async Task Worker_KilledDuringARequest_IsAnEmpty500AndALineWithFunctionAndInvocation()
    {
        var pid = int.Parse((await host.AskAsync("GET", "/api/v2/ready")).Body, CultureInfo.InvariantCulture);
        var asked = host.AskAsync("GET", "/api/v2/wait/killed");
        await host.Notes.UntilAsync("killed");

        using (var worker = Process.GetProcessById(pid))
        {
            worker.Kill();
        }

        Assert.Equal((500, ""), await asked);
        await Eventually.HoldsAsync(() => FailedWait().IsMatch(host.Output));
        await host.SaysAsync($"[web] process {pid} was ended by signal 9; another is started in ");
        Assert.Equal((200, """Completed {"Sum":1}"""), await host.AskAsync("POST", "/api/v2/orchestrate/AddUp?a"));
    }

    [GeneratedRegex("The function Wait failed in its invocation [0-9a-f-]{36}, and its caller gets an empty 500: The worker ended", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FailedWait();

    /// <summary>Waits until a dead worker's successor takes messages too: what other tests send must find both.</summary>
    private async Task UntilBothWorkAsync()
    {
        for (var round = 1; ; round++)
        {
            var gate = string.Create(CultureInfo.InvariantCulture, $"both{Guid.NewGuid():N}");
            await host.SendAsync("hold", gate);
            await host.SendAsync("hold", gate);
            var held = await host.Notes.UntilAsync(gate, 2);
            host.Notes.Open(gate);
            await host.UntilEmptyAsync("hold");
            if (held.Distinct(StringComparer.Ordinal).Count() == 2)
            {
                return;
            }

            Assert.True(round < 50, "Only one worker takes messages.");
        }
    }
}
