using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Slowlane.LocalHost.Processes;
using Slowlane.LocalHost.Queues;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class WorkerSupervisorTests
{
    private const string Obedient = "console.log('up'); process.stdin.once('data', () => process.exit())";
    private const string Stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); console.log('up')";

    private readonly QueueBell _bell = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Worker_WhenKilled_IsStartedAgainWithALineThatSaysSo()
    {
        using var supervisor = Supervise(1, Obedient);
        await supervisor.StartAsync(Cancel);
        var first = await PidAsync(1, "started as");

        Kill(first);
        await LineAsync(line => line.StartsWith($"[worker 1] process {first} was ended by signal 9; another is started in ", StringComparison.Ordinal));
        var second = await PidAsync(1, "started as");

        Assert.NotEqual(first, second);
        await supervisor.StopAsync(Cancel);
        Assert.False(IsRunning(second));
    }

    [Fact]
    public async Task Worker_ThatRecyclesItself_IsReplacedAtOnce()
    {
        using var supervisor = Supervise(1, "setTimeout(() => process.exit(200), 100)");
        await supervisor.StartAsync(Cancel);

        for (var times = 1; times <= 3; times++)
        {
            await LineAsync(line => line.EndsWith(" recycled itself; another is started in 0 s", StringComparison.Ordinal));
        }

        await supervisor.StopAsync(Cancel);
    }

    [Fact]
    public async Task Supervisor_WhenStopped_AsksItsWorkersAndLeavesNone()
    {
        using var supervisor = Supervise(3, Obedient);
        await supervisor.StartAsync(Cancel);
        int[] workers = [await PidAsync(1, "started as"), await PidAsync(2, "started as"), await PidAsync(3, "started as")];

        await supervisor.StopAsync(Cancel);

        Assert.DoesNotContain(workers, IsRunning);
        _lines.Writer.Complete();
        Assert.DoesNotContain(await _lines.Reader.ReadAllAsync(Cancel).ToListAsync(Cancel), line => line.Contains("another", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bell_WhenRung_IsHeardInEveryWorker()
    {
        using var supervisor = Supervise(2, "process.stdin.on('data', line => { console.log(`heard ${line}`); if (`${line}`.includes('stop')) process.exit() }); console.log('up')");
        await supervisor.StartAsync(Cancel);
        await LineAsync(line => line.EndsWith(" up", StringComparison.Ordinal));
        await LineAsync(line => line.EndsWith(" up", StringComparison.Ordinal));

        _bell.Ring();

        await LineAsync(line => line.EndsWith("heard ring", StringComparison.Ordinal));
        await LineAsync(line => line.EndsWith("heard ring", StringComparison.Ordinal));
        await supervisor.StopAsync(Cancel);
    }

    [Fact]
    public async Task Worker_ThatKeepsDying_IsStartedLessAndLessOften()
    {
        using var supervisor = Supervise(1, "process.exit(3)");
        var begin = Stopwatch.GetTimestamp();
        await supervisor.StartAsync(Cancel);

        for (var deaths = 1; deaths <= 3; deaths++)
        {
            await LineAsync(line => line.Contains("ended with exit code 3; another is started in", StringComparison.Ordinal));
        }

        Assert.True(Stopwatch.GetElapsedTime(begin) >= RestartDelay.After(1) + RestartDelay.After(2));
        await supervisor.StopAsync(Cancel);
    }

    [Fact]
    public async Task Worker_ThatDoesNotHandBackInTime_IsEnded()
    {
        using var worker = WorkerProcess.Start(Command(Stubborn), line => _lines.Writer.TryWrite("[worker 1] " + line));
        await LineAsync(line => line.EndsWith("up", StringComparison.Ordinal));

        await worker.StopAsync(TimeSpan.FromMilliseconds(100));

        Assert.False(IsRunning(worker.Id));
        Assert.Equal("was ended by signal 9", worker.Ending);
    }

    private static WorkerCommand Command(string script) => new("node", ["-e", script], new Dictionary<string, string?>(StringComparer.Ordinal));

    private static bool IsRunning(int pid) => Directory.Exists(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}"));

    private static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    private WorkerSupervisor Supervise(int workers, string script) => new(workers, Command(script), _bell, line => _lines.Writer.TryWrite(line), TimeProvider.System);

    private async Task<int> PidAsync(int worker, string verb)
    {
        var line = await LineAsync(line => line.StartsWith($"[worker {worker}] {verb} process ", StringComparison.Ordinal));
        return int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture);
    }

    private async Task<string> LineAsync(Predicate<string> wanted)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await _lines.Reader.ReadAsync(late.Token) is var line && wanted(line))
            {
                return line;
            }
        }
    }
}
