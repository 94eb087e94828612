using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slowlane.LocalHost.Processes;
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
        var host = Start(environment, supervised: false, ["--port", "0", .. arguments]);
        host.Client.BaseAddress = await host._listening.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return host;
    }

    /// <summary>Starts the queue functions alone, which answer nobody: what they do shows in the database. They end with this process, however that ends.</summary>
    public static HostProcess StartWorker(IReadOnlyDictionary<string, string> environment) => Start(environment, supervised: true, ["--role", "worker"]);

    /// <summary>Waits until its output says something.</summary>
    public async Task SaysAsync(string text, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            Xunit.Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(1), $"Waited a minute for '{text}' in:\n{Output}");
            await Task.Delay(20, cancellationToken);
        }
    }

    /// <summary>Ends it as Ctrl-C or a service manager does, and returns its exit code.</summary>
    public async Task<int> SignalAsync(string signal)
    {
        await ProcessTable.SignalAsync(_process.Id, signal);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return _process.ExitCode;
    }

    /// <summary>kill -9, and nothing after it.</summary>
    public Task KillAsync() => SignalAsync("-KILL");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            await ProcessTable.SignalAsync(_process.Id, "-CONT"); // Should a test have paused it and failed.
            await SignalAsync("-TERM");
        }

        await ProcessTable.UntilNoneAsync(Folder, CancellationToken.None);
        Directory.Delete(Folder, recursive: true);
        _process.Dispose();
    }

    private static HostProcess Start(IReadOnlyDictionary<string, string> environment, bool supervised, string[] arguments)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-host-test-").FullName;
        string[] command = [.. HearingInterrupts(), "dotnet", typeof(Slowlane.LocalHost.Processes.Launch).Assembly.Location, .. arguments];
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

        if (supervised)
        {
            start.Environment[ParentWatch.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
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

    [GeneratedRegex("HealthLive: +\\[GET\\] +(?<address>http://[^/]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
