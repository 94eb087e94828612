using System.ComponentModel;
using System.Globalization;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Workers;

/// <summary>The slot of one worker process. When the process ends, the slot starts another.</summary>
internal sealed class WorkerSlot(string name, WorkerCommand command, WorkerServer server, Guard guard, WorkerLog log, Action<string> say, TimeProvider time) : IDisposable
{
    /// <summary>The maximum time for a worker to end by itself after its stream has ended.</summary>
    private static readonly TimeSpan AfterStream = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<WorkerChannel> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CannotStartException> _refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _keeping = Task.CompletedTask;
    private TimeSpan _grace;

    /// <summary>The current worker. Null between two workers.</summary>
    public WorkerChannel? Channel { get; private set; }

    /// <summary>Completes when a worker can't use its settings. No other is started, because it would have the same settings.</summary>
    public Task<CannotStartException> Refused => _refused.Task;

    /// <summary>Called when a worker is ready for invocations.</summary>
    public Action? Opened { get; set; }

    /// <summary>Starts the first worker. Returns when it is ready.</summary>
    /// <exception cref="CannotStartException">The worker ended, did not answer in time, or can't run the app.</exception>
    public async Task<WorkerChannel> StartAsync(CancellationToken cancellationToken)
    {
        _keeping = KeepAsync();
        await (await Task.WhenAny(_first.Task, _keeping).WaitAsync(cancellationToken)); // The process may fail to start.
        return await _first.Task;
    }

    /// <summary>Requests the worker to end, and kills it if it exceeds the grace time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _grace = grace;
        await _stopping.CancelAsync();
        await _keeping;
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>Runs one worker after another, until the host stops or the first worker fails.</summary>
    private async Task KeepAsync()
    {
        var (quickDeaths, isRetried) = (0, false);
        while (!_stopping.IsCancellationRequested)
        {
            var since = time.GetTimestamp();
            var end = await LiveAsync();
            if (end.Misconfiguration is { } sentence)
            {
                var refused = CannotStartException.Usage(sentence);
                _first.TrySetException(refused);
                _refused.TrySetResult(refused);
                return;
            }

            if (end.HasRun && !isRetried && !_first.Task.IsCompleted && !_stopping.IsCancellationRequested)
            {
                // Another process may take the port that the worker chose for its HTTP server. This is rare, and the next choice avoids it.
                isRetried = true;
                say($"[{name}] {end.What} before the worker was ready; it is started once more");
                continue;
            }

            _first.TrySetException(new CannotStartException($"[{name}] {end.What} before the worker was ready; its output is above. The command was: {command.App.Executable} {command.App.Entry}"));
            if (_first.Task.IsFaulted || _stopping.IsCancellationRequested)
            {
                return;
            }

            quickDeaths = time.GetElapsedTime(since) >= RestartDelay.Stable ? 0 : quickDeaths + 1;
            var wait = RestartDelay.After(quickDeaths, end.IsRecycled);
            say(string.Create(CultureInfo.InvariantCulture, $"[{name}] {end.What}; another is started in {wait.TotalSeconds:0.#} s"));
            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Runs one worker from its start to its end.</summary>
    private async Task<WorkerEnd> LiveAsync()
    {
        var channel = new WorkerChannel(Guid.NewGuid().ToString(), command.App, log, server.Limits.Function, time);
        server.Expect(channel);
        try
        {
            using var worker = WorkerProcess.Start(command, channel.Id, guard, line => say($"[{name}] {line}"));
            say($"[{name}] started as process {worker.Id}");
            await RunAsync(worker, channel);
            return EndOf(worker);
        }
        catch (Win32Exception error)
        {
            return new WorkerEnd($"the worker process could not be started ({error.Message})", HasRun: false, IsRecycled: false, Misconfiguration: null);
        }
        finally
        {
            Channel = null;
            server.Remove(channel);
            channel.End("The worker process is gone.");
        }
    }

    private WorkerEnd EndOf(WorkerProcess worker)
    {
        if (_stopping.IsCancellationRequested)
        {
            return new WorkerEnd("", HasRun: true, IsRecycled: false, Misconfiguration: null); // Nobody waits for what it did not say yet.
        }

        var misconfiguration = worker.Misconfiguration;
        if (misconfiguration is null)
        {
            worker.ReleaseErrors();
        }

        return new WorkerEnd($"process {worker.Id} {worker.Ending}", HasRun: true, worker.IsRecycled, misconfiguration);
    }

    private async Task RunAsync(WorkerProcess worker, WorkerChannel channel)
    {
        try
        {
            var exited = worker.ExitedAsync(_stopping.Token);
            await OpenAsync(worker, channel, exited);
            await EndedAsync(channel, exited);
            if (!exited.IsCompleted)
            {
                await worker.KillAsync();
            }

            await exited;
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            await EndAsync(worker, channel);
        }
    }

    /// <summary>Waits until the worker has ended, or has to: nothing can reach it, or a function exceeds its time limit.</summary>
    private async Task EndedAsync(WorkerChannel channel, Task exited)
    {
        await Task.WhenAny(exited, channel.Ended, channel.Overdue);
        if (channel.Overdue.IsCompleted)
        {
            say($"[{name}] {await channel.Overdue}");
            return;
        }

        await Task.WhenAny(exited, Task.Delay(AfterStream, time, _stopping.Token));
    }

    /// <summary>Waits until the worker is ready or has ended.</summary>
    private async Task OpenAsync(WorkerProcess worker, WorkerChannel channel, Task exited)
    {
        try
        {
            await Task.WhenAny(exited, channel.Ready).WaitAsync(server.Limits.Start, time, _stopping.Token);
            if (channel.Ready.IsCompleted)
            {
                await channel.Ready;
                worker.ReleaseErrors();
                Channel = channel;
                _first.TrySetResult(channel);
                Opened?.Invoke();
            }
        }
        catch (TimeoutException)
        {
            await GiveUpAsync(worker, string.Create(CultureInfo.InvariantCulture, $"The worker process did not say hello within {server.Limits.Start.TotalSeconds:0} s: see that {command.App.Entry ?? command.App.Executable} is an isolated-worker app that calls Run(), or give it longer by LocalHost__StartSeconds, from 1 to {HostLimits.MaxSeconds}."));
        }
        catch (WorkerRefusedException refused)
        {
            await GiveUpAsync(worker, refused.Message);
        }
        catch (WorkerProcessExitException)
        {
            // The worker's stream ended before the worker was ready.
        }
    }

    private async Task GiveUpAsync(WorkerProcess worker, string reason)
    {
        worker.ReleaseErrors();
        if (!_first.TrySetException(new CannotStartException($"[{name}] {reason}")))
        {
            say($"[{name}] {reason}");
        }

        await worker.KillAsync();
    }

    private async Task EndAsync(WorkerProcess worker, WorkerChannel channel)
    {
        if (!channel.IsOpen)
        {
            await worker.KillAsync(); // The worker has no invocations and does not receive messages.
            return;
        }

        channel.Terminate(_grace);
        using var late = new CancellationTokenSource(_grace, time);
        try
        {
            await worker.ExitedAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            say(string.Create(CultureInfo.InvariantCulture, $"[{name}] process {worker.Id} did not end within {_grace.TotalSeconds:0} s and is killed"));
            await worker.KillAsync();
        }
    }

    /// <param name="What">What ended and how, as part of a sentence.</param>
    /// <param name="HasRun">Whether the process started.</param>
    /// <param name="IsRecycled">Whether the worker requested a restart.</param>
    /// <param name="Misconfiguration">Why the worker can't use its settings. Null if it did not end for that reason.</param>
    private sealed record WorkerEnd(string What, bool HasRun, bool IsRecycled, string? Misconfiguration);
}
