using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Services;

/// <summary>One process of the guard: lines of JSON to it, events from it.</summary>
internal sealed class GuardProcess : IDisposable
{
    private readonly GuardOrder _order;
    private readonly Action<string> _note;
    private readonly Process _process;

    /// <exception cref="CannotStartException">There is no Node.</exception>
    public GuardProcess(GuardOrder order, Action<string> note)
    {
        _order = order;
        _note = note;
        _process = Spawn(order.Folder);
    }

    /// <summary>Gives the guard its order. Returns its event that all servers are up.</summary>
    /// <exception cref="CannotStartException">A server can't start.</exception>
    public async Task<GuardEvent> UntilReadyAsync(CancellationToken cancellationToken)
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

    /// <summary>Sends a task. The first line to the guard must be its order.</summary>
    public void Send(GuardTask task)
    {
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

    /// <summary>Requests the guard to stop the servers and to end.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The guard has already ended.
        }
    }

    /// <summary>Reads the guard's events to its end. Its output ends with the guard, which ends after all of its servers.</summary>
    /// <param name="ended">Called with the name of a server that ended by itself.</param>
    public async Task UntilEndAsync(Action<string> ended)
    {
        while (await ReadEventAsync(CancellationToken.None) is { } said)
        {
            if (said.Message is { } message)
            {
                _note(message);
            }

            if (said is { Event: "ended", Server: { } server })
            {
                ended(server);
            }
        }
    }

    public void Dispose() => _process.Dispose();

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
}
