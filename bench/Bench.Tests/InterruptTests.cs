using Slowlane.Bench.Commands;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Xunit;

namespace Slowlane.Bench.Tests;

/// <summary>Ctrl-C at a command whose hosts run: nothing of it is left.</summary>
public sealed class InterruptTests
{
    private const int Interrupt = 2;
    private const string Host = "LocalHost.dll";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("partitions", "--rows", "1000")]
    [InlineData("drill", "--seconds", "20")]
    public async Task CtrlC_WhileHostsRun_EndsThemAndTheCommand(string command, string option, string value)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are read from /proc.");

        // As a terminal does: a group of its own, all of which is interrupted.
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        using var bench = ChildProcess.Start("setsid", ["dotnet", typeof(Command<>).Assembly.Location, command, option, value], settings);
        bench.Listen(_ => { });
        var started = await UntilWorkersRunAsync(bench.Id);

        Signals.Send(-bench.Id, Interrupt);
        await bench.ExitedAsync(Cancellation).WaitAsync(TimeSpan.FromMinutes(2), Cancellation);

        Assert.Equal(130, bench.ExitCode);
        Assert.DoesNotContain(started, process => ProcessTree.Find(process.Id)?.StartTime == process.StartTime);
        Assert.DoesNotContain(ProcessTree.Naming(Host), host => Group(host) == bench.Id);
    }

    // Two hosts at least, and a worker of one.
    private static async Task<IReadOnlyList<ProcessEntry>> UntilWorkersRunAsync(int bench)
    {
        while (true)
        {
            var tree = ProcessTree.Of(bench);
            var hosts = ProcessTree.Naming(Host).IntersectBy(tree.Select(entry => entry.Id), entry => entry.Id).ToList();
            if (hosts.Count > 1 && tree.Any(entry => entry.Parent == hosts[^1].Id))
            {
                return tree;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Cancellation);
        }
    }

    // The fifth field (proc(5)), the third after the program's name.
    private static int Group(ProcessEntry process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // It has ended.
        }
    }
}
