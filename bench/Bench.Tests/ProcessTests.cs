using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Xunit;

namespace Slowlane.Bench.Tests;

[Trait("Category", "Fast")]
public sealed class ProcessTests
{
    public ProcessTests()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Processes are read from /proc.");
        }
    }

    [Fact]
    public void Process_OfThisTest_HasItsTimeAndItsMemory()
    {
        var before = Environment.CpuUsage.TotalTime.TotalSeconds;

        var process = ProcessTree.Find(Environment.ProcessId)!.Value;

        Assert.InRange(process.Time.TotalSeconds, before - 0.1, Environment.CpuUsage.TotalTime.TotalSeconds + 0.1);
        Assert.True(ProcessTree.PeakMemory(process.Id) >= ProcessTree.Memory([process]) / 2);
    }

    [Fact]
    public async Task Process_ThatWasStarted_IsHeardAndIsBelowThisOneUntilItIsKilled()
    {
        var heard = new TaskCompletionSource<string>();
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["WORD"] = "awake" };
        using var child = ChildProcess.Start("sh", ["-c", "echo $WORD; exec sleep 600"], settings);
        child.Listen(heard.SetResult);
        Assert.Equal("awake", await heard.Task.WaitAsync(TestContext.Current.CancellationToken));

        var entry = Assert.Single(ProcessTree.Of(Environment.ProcessId), entry => entry.Id == child.Id);
        Assert.Equal(Environment.ProcessId, entry.Parent);
        ProcessTree.Kill([entry with { StartTime = entry.StartTime + 1 }]); // Another that got its number: not to be killed.
        Assert.NotNull(ProcessTree.Find(child.Id));
        ProcessTree.Kill([entry]);
        await child.ExitedAsync(TestContext.Current.CancellationToken);

        Assert.Null(ProcessTree.Find(child.Id));
    }
}
