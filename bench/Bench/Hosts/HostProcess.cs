using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Hosts;

/// <summary>One LocalHost process, and the workers that it says it has.</summary>
internal sealed partial class HostProcess : IDisposable
{
    private const string LastOfTheStart = "Functions:";

    private readonly ChildProcess _process;
    private readonly ConcurrentDictionary<string, int> _workers = new(StringComparer.Ordinal);
    private volatile bool _isReady;

    private HostProcess(ChildProcess process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>How it ended, for a sentence.</summary>
    public string Ending => string.Create(CultureInfo.InvariantCulture, $"process {Id} ended with exit code {_process.ExitCode}");

    /// <summary>Whether it has started: requests are answered and messages taken.</summary>
    public bool IsReady => _isReady;

    /// <param name="arguments">LocalHost's.</param>
    /// <param name="settings">Variables on top of this process's own.</param>
    /// <param name="say">Given its process id and each line of its output.</param>
    public static HostProcess Start(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, Action<int, string> say)
    {
        var host = new HostProcess(ChildProcess.Start("dotnet", [ProjectFolder.Program, .. arguments], settings));
        var id = host.Id;
        host._process.Listen(line =>
        {
            host.Record(line);
            say(id, line);
        });
        return host;
    }

    /// <summary>The id of the worker process in a place, such as "web" or "worker 1"; null when none runs there yet.</summary>
    public int? Worker(string place) => IsReady && _workers.TryGetValue(place, out var id) ? id : null;

    public Task ExitedAsync() => _process.ExitedAsync();

    /// <summary>kill -9 of this process alone: its guard ends its workers.</summary>
    public Task KillAsync()
    {
        Signals.Send(Id, Signals.Kill);
        return _process.ExitedAsync();
    }

    public void Dispose() => _process.Dispose();

    private void Record(string line)
    {
        if (Started().Match(line) is { Success: true } started)
        {
            _workers[started.Groups["place"].Value] = int.Parse(started.Groups["id"].Value, CultureInfo.InvariantCulture);
        }
        else if (Ended().Match(line) is { Success: true } ended)
        {
            _workers.TryRemove(ended.Groups["place"].Value, out _);
        }
        else if (string.Equals(line, LastOfTheStart, StringComparison.Ordinal))
        {
            _isReady = true;
        }
    }

    [GeneratedRegex(@"^\[(?<place>[^\]]+)\] started as process (?<id>[0-9]+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Started();

    [GeneratedRegex(@"^\[(?<place>[^\]]+)\] process [0-9]+ .*; another is started", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ended();
}
