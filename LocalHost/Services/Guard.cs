using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Services;

/// <summary>The process that runs the servers and outlives this one by as long as they need to stop.</summary>
internal sealed class Guard : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly GuardOrder _order;
    private readonly Action<string> _note;
    private readonly Dictionary<int, string> _owned = [];
    private Process _process;
    private bool _hears;
    private Task _keeping = Task.CompletedTask;
    private Task? _stopping;

    private Guard(GuardOrder order, Action<string> note)
    {
        _order = order;
        _note = note;
        _process = Spawn(order.Folder);
    }

    /// <summary>What it said when everything was up.</summary>
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

    /// <summary>Has the guard end a process when this one is gone.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="word">What stands in its command line, and in no other's.</param>
    public void Own(int process, string word)
    {
        lock (_gate)
        {
            _owned[process] = word;
            Tell(new GuardTask(process, word));
        }
    }

    /// <summary>Has the guard forget a process that ended: its id may become another's.</summary>
    public void Disown(int process)
    {
        lock (_gate)
        {
            _owned.Remove(process);
            Tell(new GuardTask(process, null));
        }
    }

    /// <summary>Lets go of the guard and waits until it has stopped the servers and is gone.</summary>
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
            _hears = true;
            foreach (var (process, word) in _owned)
            {
                Tell(new GuardTask(process, word));
            }
        }
    }

    // Its first line is its order: what comes before it is ready, it is told then.
    private void Tell(GuardTask task)
    {
        if (!_hears)
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
            // It has ended, and the next one is told all of it.
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
            // It is gone already.
        }

        await _keeping;
        _process.Dispose();
    }

    /// <summary>Reads what the guard says. Should it end unasked, its servers end with it: another starts them again on the same data.</summary>
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
                _hears = false;
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
            // It has ended before it read its order.
        }

        while (await SaysAsync(cancellationToken) is { } said)
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

    /// <summary>The next that it says; null at its end. What is no event comes from Node itself, or from what starts it.</summary>
    private async Task<GuardEvent?> SaysAsync(CancellationToken cancellationToken)
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

    // The end of its output is the end of the guard, which comes last of all its servers.
    private async Task UntilEndAsync()
    {
        while (await SaysAsync(CancellationToken.None) is { } said)
        {
            if (said.Message is { } message)
            {
                _note(message);
            }
        }
    }
}
