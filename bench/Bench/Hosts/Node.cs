using System.Collections.Concurrent;

namespace Slowlane.Bench.Hosts;

/// <summary>A LocalHost with its workers: one process at a time, another when that one ends.</summary>
internal sealed class Node(string name, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> settings, Action<string> say) : IAsyncDisposable
{
    /// <summary>The place of the worker for requests and timers.</summary>
    public const string Web = "web";

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SemaphoreSlim _turn = new(1);
    private readonly ConcurrentQueue<string> _surprises = new();
    private readonly List<Task> _keeping = [];
    private HostProcess? _process;
    private bool _isOver;

    public string Name => name;

    /// <summary>What no host should do: end by itself once it has started, or not end when it is told to.</summary>
    public IReadOnlyCollection<string> Surprises => _surprises;

    /// <summary>The place of a worker for queues and activities, counted from 0.</summary>
    public static string Compute(int worker) => FormattableString.Invariant($"worker {worker + 1}");

    public async Task StartAsync()
    {
        await _turn.WaitAsync();
        StartProcess();
        _turn.Release();
    }

    /// <summary>The worker process that runs in a place, as soon as one does.</summary>
    /// <exception cref="TimeoutException">None was started.</exception>
    public async Task<int> WorkerAsync(string place, CancellationToken cancellationToken = default)
    {
        for (var start = TimeProvider.System.GetTimestamp(); TimeProvider.System.GetElapsedTime(start) < StartTimeout;)
        {
            if (_process?.Worker(place) is { } worker)
            {
                return worker;
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new TimeoutException(FormattableString.Invariant($"{name} has had no process for [{place}] for {StartTimeout.TotalSeconds} s; its output says why."));
    }

    /// <summary>kill -9 of a worker; the host starts another.</summary>
    public async Task KillWorkerAsync(string place) => Signals.Send(await WorkerAsync(place), Signals.Kill);

    /// <summary>Stops a worker in its tracks for a while.</summary>
    public async Task PauseWorkerAsync(string place, TimeSpan duration) => await Signals.PauseAsync(await WorkerAsync(place), duration);

    /// <summary>kill -9 of the host, whose guard ends the workers; and another host at once.</summary>
    public Task KillAsync() => ReplaceAsync(process => process.KillAsync());

    /// <summary>Asks the host to have its workers hand back their jobs and to end, then starts another.</summary>
    public Task RestartAsync() => ReplaceAsync(StopAsync);

    /// <summary>Stops the host in its tracks for a while; its workers go on.</summary>
    public async Task PauseAsync(TimeSpan duration)
    {
        await _turn.WaitAsync();
        try
        {
            await Signals.PauseAsync(_process!.Id, duration);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        _isOver = true;
        if (_process is { HasExited: false } process)
        {
            await StopAsync(process);
        }

        _turn.Release();
        await Task.WhenAll(_keeping);
        _process?.Dispose();
        _turn.Dispose();
    }

    private async Task ReplaceAsync(Func<HostProcess, Task> end)
    {
        await _turn.WaitAsync();
        try
        {
            if (!_isOver)
            {
                await end(_process!);
                StartProcess();
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    private void StartProcess()
    {
        _process = HostProcess.Start(arguments, settings, (id, line) => say(FormattableString.Invariant($"[{name} {id}] {line}")));
        _keeping.RemoveAll(task => task.IsCompletedSuccessfully);
        _keeping.Add(KeepAsync(_process));
    }

    // As a service manager does: one that could not start, as it lost a worker or its storage meanwhile, is started again.
    private async Task KeepAsync(HostProcess process)
    {
        using var disposed = process;
        await process.ExitedAsync();
        await _turn.WaitAsync();
        try
        {
            if (_isOver || !ReferenceEquals(process, _process))
            {
                return;
            }

            say($"[{name}] {process.Ending} by itself; another is started");
            if (process.IsReady)
            {
                _surprises.Enqueue($"{name}: {process.Ending} by itself");
            }

            StartProcess();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task StopAsync(HostProcess process)
    {
        try
        {
            Signals.Send(process.Id, Signals.Terminate);
            await process.ExitedAsync().WaitAsync(StopTimeout);
        }
        catch (TimeoutException)
        {
            _surprises.Enqueue(FormattableString.Invariant($"{name}: process {process.Id} did not end within {StopTimeout.TotalSeconds} s of SIGTERM"));
            await process.KillAsync();
        }
    }
}
