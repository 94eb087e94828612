using System.ComponentModel;
using System.Globalization;
using Slowlane.LocalHost.Services;

namespace Slowlane.LocalHost.Workers;

/// <summary>Runs one worker from its start to its end.</summary>
/// <param name="name">The name of the worker's slot, for the output.</param>
/// <param name="command">The command to start.</param>
/// <param name="server">The server that the worker connects to.</param>
/// <param name="guard">The guard that ends the worker if this process is gone.</param>
/// <param name="log">Receives the worker's log.</param>
/// <param name="say">Receives its output, line by line.</param>
/// <param name="time">The clock.</param>
internal sealed class WorkerRun(string name, WorkerCommand command, WorkerServer server, Guard guard, WorkerLog log, Action<string> say, TimeProvider time)
{
    /// <summary>The maximum time for a worker to end by itself after its stream has ended.</summary>
    private static readonly TimeSpan AfterStream = TimeSpan.FromSeconds(2);

    /// <summary>Starts the worker and returns when it has ended.</summary>
    /// <param name="opened">Called when the worker is ready for invocations.</param>
    /// <param name="grace">The time for the worker to end when it is stopped.</param>
    /// <param name="stop">Requests the worker to end.</param>
    public async Task<WorkerEnd> ToItsEndAsync(Action<WorkerChannel> opened, Func<TimeSpan> grace, CancellationToken stop)
    {
        var channel = new WorkerChannel(Guid.NewGuid().ToString(), command.App, log, server.Limits.Function, time);
        server.Expect(channel);
        try
        {
            using var worker = WorkerProcess.Start(command, channel.Id, guard, line => say($"[{name}] {line}"));
            say($"[{name}] started as process {worker.Id}");
            var reason = await RunAsync(worker, channel, opened, grace, stop);
            return EndOf(worker, reason, stop);
        }
        catch (Win32Exception error)
        {
            return new WorkerEnd($"the worker process could not be started ({error.Message})", HasRun: false, IsRecycled: false, null, null);
        }
        finally
        {
            server.Remove(channel);
            channel.End("The worker process is gone.");
        }
    }

    private static WorkerEnd EndOf(WorkerProcess worker, string? reason, CancellationToken stop)
    {
        if (stop.IsCancellationRequested)
        {
            return new WorkerEnd("", HasRun: true, IsRecycled: false, null, reason); // Nobody waits for what it did not say yet.
        }

        var misconfiguration = worker.Misconfiguration;
        if (misconfiguration is null)
        {
            worker.ReleaseErrors();
        }

        return new WorkerEnd($"process {worker.Id} {worker.Ending}", HasRun: true, worker.IsRecycled, misconfiguration, reason);
    }

    /// <returns>Why the worker can't run the app. Null if it could.</returns>
    private async Task<string?> RunAsync(WorkerProcess worker, WorkerChannel channel, Action<WorkerChannel> opened, Func<TimeSpan> grace, CancellationToken stop)
    {
        try
        {
            var exited = worker.ExitedAsync(stop);
            var reason = await OpenAsync(worker, channel, exited, opened, stop);
            await (reason is null ? EndedAsync(channel, exited, stop) : Task.CompletedTask);
            if (!exited.IsCompleted)
            {
                await worker.KillAsync();
            }

            await exited;
            return reason;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await EndAsync(worker, channel, grace());
            return null;
        }
    }

    /// <summary>Waits until the worker is ready or has ended.</summary>
    /// <returns>Why the worker can't run the app. Null if it can, or has ended.</returns>
    private async Task<string?> OpenAsync(WorkerProcess worker, WorkerChannel channel, Task exited, Action<WorkerChannel> opened, CancellationToken stop)
    {
        try
        {
            await Task.WhenAny(exited, channel.Ready).WaitAsync(server.Limits.Start, time, stop);
            if (channel.Ready.IsCompleted)
            {
                await channel.Ready;
                worker.ReleaseErrors();
                opened(channel);
            }

            return null;
        }
        catch (TimeoutException)
        {
            worker.ReleaseErrors();
            return string.Create(CultureInfo.InvariantCulture, $"The worker process did not say hello within {server.Limits.Start.TotalSeconds:0} s: see that {command.App.Entry ?? command.App.Executable} is an isolated-worker app that calls Run(), or give it longer by LocalHost__StartSeconds, from 1 to {HostLimits.MaxSeconds}.");
        }
        catch (WorkerRefusedException refused)
        {
            worker.ReleaseErrors();
            return refused.Message;
        }
        catch (WorkerProcessExitException)
        {
            return null; // The worker's stream ended before the worker was ready.
        }
    }

    /// <summary>Waits until the worker has ended, or has to: nothing can reach it, or a function exceeds its time limit.</summary>
    private async Task EndedAsync(WorkerChannel channel, Task exited, CancellationToken stop)
    {
        await Task.WhenAny(exited, channel.Ended, channel.Overdue);
        if (channel.Overdue.IsCompleted)
        {
            say($"[{name}] {await channel.Overdue}");
            return;
        }

        await Task.WhenAny(exited, Task.Delay(AfterStream, time, stop));
    }

    private async Task EndAsync(WorkerProcess worker, WorkerChannel channel, TimeSpan grace)
    {
        if (!channel.IsOpen)
        {
            await worker.KillAsync(); // The worker has no invocations and does not receive messages.
            return;
        }

        channel.Terminate(grace);
        using var late = new CancellationTokenSource(grace, time);
        try
        {
            await worker.ExitedAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            say(string.Create(CultureInfo.InvariantCulture, $"[{name}] process {worker.Id} did not end within {grace.TotalSeconds:0} s and is killed"));
            await worker.KillAsync();
        }
    }
}
