using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slowlane.LocalHost.Services;
using Slowlane.Tests.LocalHost.Services;

namespace Slowlane.Tests.Fixtures;

/// <summary>LocalHost as a user starts it: a process of its own, with whatever processes it starts.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private HostProcess(Process process, string folder)
    {
        _process = process;
        Folder = folder;
        Workers = new HostWorkers(() => Output);
        process.OutputDataReceived += (_, line) => Heard(line.Data);
        process.ErrorDataReceived += (_, line) => Heard(line.Data);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The host ended before it listened:\n{Output}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public HttpClient Client { get; } = new();

    /// <summary>Its folder for temporary files, which is in the command line of every server it starts there.</summary>
    public string Folder { get; }

    public int Id => _process.Id;

    /// <summary>The worker processes that it starts.</summary>
    public HostWorkers Workers { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it on a free port and returns when it answers.</summary>
    public static async Task<HostProcess> StartAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var host = Start(environment, ["--port", "0", .. arguments]);
        host.Client.BaseAddress = await host._listening.Task.WaitAsync(Eventually.Limit);
        return host;
    }

    /// <summary>Starts one worker alone, which answers nobody: what it does shows in the database.</summary>
    public static HostProcess StartWorker(IReadOnlyDictionary<string, string> environment) => Start(environment, ["--role", "worker", "--workers", "1"]);

    /// <summary>Waits until it takes messages: it lists its functions last.</summary>
    public Task ReadyAsync() => SaysAsync("Functions:");

    /// <summary>Waits until its output says something.</summary>
    public Task SaysAsync(string text)
        => Eventually.SeesAsync(() => Task.FromResult(Output), output => output.Contains(text, StringComparison.Ordinal), text);

    /// <summary>Ends it as Ctrl-C or a service manager does, and returns its exit code.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        await ProcessTable.SignalAsync(_process.Id, signal);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>Waits until it ends by itself, and returns its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Eventually.Limit);
        return _process.ExitCode;
    }

    /// <summary>kill -9 of the host alone. Its guard then tells the workers to stop, and they hand back what they run.</summary>
    public Task KillAsync() => SignalAsync("-KILL");

    /// <summary>Takes the host and its workers away at once, as the loss of a machine does: nothing is handed back, and nobody is started in their place.</summary>
    public async Task VanishAsync()
    {
        await ProcessTable.SignalAsync(_process.Id, "-STOP");
        foreach (var worker in Workers.All)
        {
            await ProcessTable.SignalAsync(worker, "-KILL");
        }

        await KillAsync();
    }

    /// <summary>Waits until no process and no file of an ephemeral host is left.</summary>
    public async Task LeavesNothingAsync()
    {
        await ProcessTable.UntilNoneAsync(Folder);
        await Eventually.HoldsAsync(() => !Directory.EnumerateFileSystemEntries(Folder).Any(IsOurs) && !Workers.All.Any(ProcessTable.IsAlive));

        // The runtime's own sockets and pipes go when it ends well, and stay when it is killed; they are not the host's.
        static bool IsOurs(string path) => !Path.GetFileName(path).StartsWith("dotnet-diagnostic-", StringComparison.Ordinal)
            && !Path.GetFileName(path).StartsWith("clr-debug-pipe-", StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await ProcessTable.SignalAsync(_process.Id, "-CONT"); // Should a test have paused it and failed.
            await SignalAsync("-TERM");
        }

        await ProcessTable.UntilNoneAsync(Folder);
        Directory.Delete(Folder, recursive: true);
        _process.Dispose();
    }

    private static HostProcess Start(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-host-test-").FullName;
        string[] command = [.. HearingInterrupts(), "dotnet", ProjectFolder.Program, .. arguments];
        var start = new ProcessStartInfo(command[0]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TMPDIR"] = folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new HostProcess(Process.Start(start)!, folder);
    }

    // Whatever a shell starts in the background ignores Ctrl-C, and what that starts does too, unless it is told otherwise.
    private static string[] HearingInterrupts()
    {
        const long Interrupt = 1 << (2 - 1);
        var ignored = OperatingSystem.IsLinux() ? File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim() : "0";
        return (long.Parse(ignored, NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) == 0 ? [] : ["env", "--default-signal=INT"];
    }

    private void Heard(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (Address().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("(HealthLive|Ready): +\\[(GET|ANY)\\] +(?<address>http://[^/]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
