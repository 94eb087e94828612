using System.Diagnostics;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>The process that runs the servers. It outlives this process until they have stopped. If it ends unexpectedly, another one is started.</summary>
internal sealed class Guard : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly GuardOrder _order;
    private readonly Action<string> _note;
    private readonly Dictionary<int, string> _owned = [];
    private GuardProcess _process;
    private bool _acceptsTasks;
    private Task _keeping = Task.CompletedTask;
    private Task? _stopping;

    private Guard(GuardOrder order, Action<string> note)
    {
        _order = order;
        _note = note;
        _process = new GuardProcess(order, note);
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
            guard.Ready = await guard._process.UntilReadyAsync(cancellationToken);
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

    // Tasks that come before the guard is ready are sent then.
    private void SendTask(GuardTask task)
    {
        if (_acceptsTasks)
        {
            _process.Send(task);
        }
    }

    private async Task StopAsync()
    {
        _process.Stop();
        await _keeping;
        _process.Dispose();
    }

    private Task UntilEndAsync() => _process.UntilEndAsync(server =>
    {
        if (server is "Azurite")
        {
            OnAzuriteEnded?.Invoke();
        }
    });

    /// <summary>If the guard ends unexpectedly, its servers end too. A new guard then starts them on the same data.</summary>
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
                _process = new GuardProcess(_order, _note);
                _acceptsTasks = false;
            }

            var ready = await _process.UntilReadyAsync(CancellationToken.None);
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
}
