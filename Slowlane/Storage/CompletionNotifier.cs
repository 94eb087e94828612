using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>
/// Wakes the callers that wait for a job when PostgreSQL notifies of its end. One connection serves all callers; it is open
/// while callers wait, and for <see cref="Idle"/> after that.
/// </summary>
/// <remarks>Notifications only make waits shorter: callers also poll.</remarks>
internal sealed partial class CompletionNotifier : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly WaitingCallers _callers;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly CompletionListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger<CompletionNotifier> _log;
    private volatile bool _listening;
    private bool _running;

    public CompletionNotifier(SlowlaneOptions options, TimeProvider time, ILogger<CompletionNotifier> log)
    {
        _stopping = _stop.Token;
        _callers = new WaitingCallers(time);
        _listener = new CompletionListener(options);
        _time = time;
        _log = log;
    }

    /// <summary>How long the connection stays open without callers. 2 min by default.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether the connection listens.</summary>
    public bool Listening => _listening;

    /// <summary>How many callers wait.</summary>
    public int Waiting => _callers.Count;

    /// <summary>Subscribes to the end of a job. Look the job up after this call: an end before it is not notified.</summary>
    public CompletionSubscription Subscribe(Guid job)
    {
        var signal = new CompletionSubscription(job, this);
        _callers.Add(signal); // First: the connection stays open while there are callers.
        lock (_gate)
        {
            if (!_running)
            {
                _running = true;
                using var noFlow = ExecutionContext.SuppressFlow(); // The loop outlives this caller's request.
                _ = Task.Run(RunAsync);
            }
        }

        return signal;
    }

    /// <summary>Removes a subscription.</summary>
    internal void Unsubscribe(CompletionSubscription signal) => _callers.Remove(signal);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task RunAsync()
    {
        for (var losses = 0; ShouldContinue();)
        {
            try
            {
                await _listener.ListenAsync(
                    begun: () =>
                    {
                        losses = 0;
                        SetListening(listening: true);
                    },
                    _callers.Raise,
                    IsIdle,
                    Idle / 2,
                    _stopping);
            }
#pragma warning disable CA1031 // Callers poll by themselves until the next connection is open.
            catch (Exception e) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                losses++;
                Lost(_log, e.Message);
            }
            finally
            {
                SetListening(listening: false);
            }

            if (losses > 0)
            {
                await Task.Delay(Backoff.After(losses, FirstPause, MaxPause, Random.Shared.NextDouble()), _time, _stopping);
            }
        }
    }

    /// <summary>Makes every waiting caller look its job up again, because notifications are lost while the connection does not listen.</summary>
    private void SetListening(bool listening)
    {
        if (_listening != listening)
        {
            _listening = listening;
            _callers.RaiseAll();
        }
    }

    private bool ShouldContinue()
    {
        lock (_gate)
        {
            return _running = !IsIdle() && !_stopping.IsCancellationRequested;
        }
    }

    private bool IsIdle() => _callers.AreGoneFor(Idle);

    [LoggerMessage(LogLevel.Warning, "Notifications of finished jobs don't come now, callers who wait are served by looking: {Reason}")]
    private static partial void Lost(ILogger log, string reason);
}
