using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>The process that runs the servers. It outlives this process until they have stopped.</summary>
internal sealed class Guard : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly GuardOrder _order;
    private readonly Action<string> _note;
    private readonly Dictionary<int, string> _owned = [];
    private Process _process;
    private bool _acceptsTasks;
    private Task _keeping = Task.CompletedTask;
    private Task? _stopping;

    private Guard(GuardOrder order, Action<string> note)
    {
        _order = order;
        _note = note;
        _process = Spawn(order.Folder);
    }

    /// <summary>Called when Azurite has ended by itself and is started again. It may have lost what it stored.</summary>
    public Action? OnAzuriteEnded { get; set; }

    /// <summary>The guard's event that all servers are up.</summary>
    public GuardEvent Ready { get; private set; } = null!;

    public static async Task<Guard> StartAsync(GuardOrder order, Action<string> note, CancellationToken cancellationToken)
    {
        var guard = new Guard(order, note);
        try
        {
            guard.Ready = await guard.UntilReadyAsync(cancellationToken);
            guard.TellAll();
            guard._keeping = guard.KeepAsync();
            return guard;
        }
        catch
        {
            guard._keeping = guard.UntilEndAsync();
            await guard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers a process that the guard ends when this process is gone.</summary>
    /// <param name="process">The process id.</param>
    /// <param name="word">A word that is in the command line of this process and of no other.</param>
    public void Own(int process, string word)
    {
        lock (_gate)
        {
            _owned[process] = word;
            SendTask(new GuardTask(process, word));
        }
    }

    /// <summary>Unregisters a process that ended. The system may give its id to another process.</summary>
    public void Disown(int process)
    {
        lock (_gate)
        {
            _owned.Remove(process);
            SendTask(new GuardTask(process, null));
        }
    }

    /// <summary>Stops the guard and waits until it has stopped the servers and has ended.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            return new ValueTask(_stopping ??= StopAsync());
        }
    }

    private void TellAll()
    {
        lock (_gate)
        {
            _acceptsTasks = true;
            foreach (var (process, word) in _owned)
            {
                SendTask(new GuardTask(process, word));
            }
        }
    }

    // The first line to the guard must be its order. Tasks that come earlier are sent once the guard is ready.
    private void SendTask(GuardTask task)
    {
        if (!_acceptsTasks)
        {
            return;
        }

        try
        {
            _process.StandardInput.WriteLine(JsonSerializer.Serialize(task, GuardJson.Default.GuardTask));
            _process.StandardInput.Flush();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The guard has ended. The next guard receives all tasks.
        }
    }

    private async Task StopAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has already ended.
        }

        await _keeping;
        _process.Dispose();
    }

    /// <summary>Reads the guard's events. If the guard ends unexpectedly, its servers end too. A new guard then starts them on the same data.</summary>
    private async Task KeepAsync()
    {
        var quickDeaths = 0;
        while (true)
        {
            var since = Stopwatch.GetTimestamp();
            await UntilEndAsync();
            quickDeaths = Stopwatch.GetElapsedTime(since) < RestartDelay.Stable ? quickDeaths + 1 : 0;
            if (_stopping is not null)
            {
                return;
            }

            OnAzuriteEnded?.Invoke();
            _note("The guard of Azurite and PostgreSQL ended by itself, and they with it; starting them again.");
            await Task.Delay(RestartDelay.After(quickDeaths, isRecycled: false));
            if (!await StartAgainAsync())
            {
                return;
            }
        }
    }

    private async Task<bool> StartAgainAsync()
    {
        try
        {
            lock (_gate)
            {
                if (_stopping is not null)
                {
                    return false;
                }

                _process.Dispose();
                _process = Spawn(_order.Folder);
                _acceptsTasks = false;
            }

            var ready = await UntilReadyAsync(CancellationToken.None);
            TellAll();
            _note(ready == Ready
                ? "Azurite and PostgreSQL are running again."
                : "Azurite and PostgreSQL are running again, but at other ports, as theirs were taken: stop LocalHost and start it again.");
            return true;
        }
        catch (Exception error) when (error is CannotStartException or IOException)
        {
            if (_stopping is null)
            {
                _note($"Azurite and PostgreSQL could not be started again; stop LocalHost and start it anew. {error.Message}");
            }

            await UntilEndAsync();
            return false;
        }
    }

    private static Process Spawn(string folder)
    {
        var start = new ProcessStartInfo("node") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true };
        start.ArgumentList.Add(Path.Combine(ProjectFolder.Location, "Services", "guard.mjs"));
        start.ArgumentList.Add(folder);
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            throw new CannotStartException(
                "Node 20 or newer is needed to run Azurite and PostgreSQL locally, and no \"node\" is on the path. Install it from nodejs.org, or give connection strings in local.settings.json.");
        }
    }

    private async Task<GuardEvent> UntilReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(_order, GuardJson.Default.GuardOrder));
            await _process.StandardInput.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The guard ended before it read its order.
        }

        while (await ReadEventAsync(cancellationToken) is { } said)
        {
            switch (said.Event)
            {
                case "ready":
                    return said;
                case "failed":
                    throw new CannotStartException(said.Message!);
                default:
                    _note(said.Message!);
                    break;
            }
        }

        var log = Path.Combine(_order.Folder, "guard.log");
        throw new CannotStartException($"The guard of Azurite and PostgreSQL ended at its start{(File.Exists(log) ? ": " + await File.ReadAllTextAsync(log, cancellationToken) : "; see that \"node --version\" says 20 or more, and what NODE_OPTIONS holds.")}");
    }

    /// <summary>The next event. Null at the end of the output. A line that is not an event comes from Node or from the command that starts it.</summary>
    private async Task<GuardEvent?> ReadEventAsync(CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith('{'))
            {
                return JsonSerializer.Deserialize(line, GuardJson.Default.GuardEvent)!;
            }

            _note(line);
        }

        return null;
    }

    // The guard's output ends with the guard, which ends after all of its servers.
    private async Task UntilEndAsync()
    {
        while (await ReadEventAsync(CancellationToken.None) is { } said)
        {
            if (said.Message is { } message)
            {
                _note(message);
            }

            if (said is { Event: "ended", Server: "Azurite" })
            {
                OnAzuriteEnded?.Invoke();
            }
        }
    }
}
