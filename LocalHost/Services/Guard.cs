using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Slowlane.LocalHost.Processes;

namespace Slowlane.LocalHost.Services;

/// <summary>The process that runs the servers and outlives this one by as long as they need to stop.</summary>
internal sealed class Guard : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Action<string> _note;
    private Task _reading = Task.CompletedTask;
    private Task? _stopping;

    private Guard(Process process, Action<string> note)
    {
        _process = process;
        _note = note;
    }

    /// <summary>What it said when everything was up.</summary>
    public GuardEvent Ready { get; private set; } = null!;

    public static async Task<Guard> StartAsync(GuardOrder order, Action<string> note, CancellationToken cancellationToken)
    {
        var guard = new Guard(Spawn(order.Folder), note);
        try
        {
            await guard._process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(order, GuardJson.Default.GuardOrder));
            await guard._process.StandardInput.FlushAsync(cancellationToken);
            guard.Ready = await guard.ReadUntilReadyAsync(order.Folder, cancellationToken);
            guard._reading = guard.ReadOnAsync();
            return guard;
        }
        catch
        {
            guard._reading = guard.ReadOnAsync();
            await guard.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets go of the guard and waits until it has stopped the servers and is gone.</summary>
    public ValueTask DisposeAsync() => new(_stopping ??= StopAsync());

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

        await _reading;
        _process.Dispose();
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

    private async Task<GuardEvent> ReadUntilReadyAsync(string folder, CancellationToken cancellationToken)
    {
        while (await _process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            var said = JsonSerializer.Deserialize(line, GuardJson.Default.GuardEvent)!;
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

        var log = Path.Combine(folder, "guard.log");
        throw new CannotStartException($"The guard of Azurite and PostgreSQL ended at its start: {(File.Exists(log) ? await File.ReadAllTextAsync(log, cancellationToken) : "it left no word")}");
    }

    // The end of its output is the end of the guard, which comes last of all its servers.
    private async Task ReadOnAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JsonSerializer.Deserialize(line, GuardJson.Default.GuardEvent) is { Message: { } message })
            {
                _note(message);
            }
        }
    }
}
