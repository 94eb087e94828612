using System.Globalization;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Workers;

/// <summary>The slot of one worker process. When the process ends, the slot starts another.</summary>
internal sealed class WorkerSlot(string name, WorkerCommand command, WorkerServer server, Guard guard, WorkerLog log, Action<string> say, TimeProvider time) : IDisposable
{
    private readonly WorkerRun _run = new(name, command, server, guard, log, say, time);
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
            var end = await _run.ToItsEndAsync(Open, () => _grace, _stopping.Token);
            Channel = null;
            if (end.Misconfiguration is { } sentence)
            {
                var refused = CannotStartException.Usage(sentence);
                _first.TrySetException(refused);
                _refused.TrySetResult(refused);
                return;
            }

            if (end.Refusal is null && end.HasRun && !isRetried && !_first.Task.IsCompleted && !_stopping.IsCancellationRequested)
            {
                // Another process may take the port that the worker chose for its HTTP server. This is rare, and the next choice avoids it.
                isRetried = true;
                say($"[{name}] {end.What} before the worker was ready; it is started once more");
                continue;
            }

            FailFirst(end);
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

    private void Open(WorkerChannel channel)
    {
        Channel = channel;
        _first.TrySetResult(channel);
        Opened?.Invoke();
    }

    /// <summary>Fails the start if the worker was the first. Of a later one, says why it could not run the app.</summary>
    private void FailFirst(WorkerEnd end)
    {
        var reason = end.Refusal ?? $"{end.What} before the worker was ready; its output is above. The command was: {command.App.Executable} {command.App.Entry}";
        if (!_first.TrySetException(new CannotStartException($"[{name}] {reason}")) && end.Refusal is not null)
        {
            say($"[{name}] {reason}");
        }
    }
}
