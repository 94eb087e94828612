using System.Diagnostics;
using System.Globalization;
using Slowlane.LocalHost.Processes;

namespace Slowlane.Bench;

/// <summary>A front or a worker: one process at a time, another when that one ends.</summary>
internal sealed class Node(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, Action<string> say) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly SemaphoreSlim _turn = new(1);
    private Process? _process;

    public string Name => name;

    /// <summary>The process that runs now.</summary>
    public int ProcessId => _process!.Id;

    public async Task StartAsync()
    {
        await _turn.WaitAsync();
        StartProcess();
        _turn.Release();
    }

    /// <summary>kill -9, and another process at once.</summary>
    public Task KillAsync() => ReplaceAsync(process =>
    {
        process.Kill();
        return process.WaitForExitAsync();
    });

    /// <summary>Asks the process to hand back its jobs and end, then starts another.</summary>
    public Task RestartAsync() => ReplaceAsync(StopAsync);

    /// <summary>Stops the process in its tracks for a while: a long garbage collection, a frozen machine.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        await _turn.WaitAsync();
        try
        {
            await SignalAsync("-STOP");
            await Task.Delay(duration);
            await SignalAsync("-CONT");
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        if (_process is { HasExited: false } process)
        {
            await StopAsync(process);
        }

        _process?.Dispose();
        _turn.Dispose();
    }

    private async Task ReplaceAsync(Func<Process, Task> end)
    {
        await _turn.WaitAsync();
        try
        {
            await end(_process!);
            _process!.Dispose();
            StartProcess();
        }
        finally
        {
            _turn.Release();
        }
    }

    private static async Task StopAsync(Process process)
    {
        try
        {
            await process.StandardInput.WriteLineAsync(ParentWatch.Stop);
            process.StandardInput.Close();
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (Exception e) when (e is IOException or TimeoutException)
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    private void StartProcess()
    {
        var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[typeof(Launch).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (key, value) in settings)
        {
            start.Environment[key] = value;
        }

        // So that it ends with the bench, however that ends.
        start.Environment[ParentWatch.Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        _process = Process.Start(start)!;
        var prefix = string.Create(CultureInfo.InvariantCulture, $"[{name} {_process.Id}] ");
        _process.OutputDataReceived += (_, line) => Heard(line.Data);
        _process.ErrorDataReceived += (_, line) => Heard(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();

        void Heard(string? line)
        {
            if (line is not null)
            {
                say(prefix + line);
            }
        }
    }
}
