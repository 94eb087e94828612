using Microsoft.Extensions.Logging;
using Slowlane.Resilience;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>
/// Wakes callers who wait for a job as soon as PostgreSQL says that it has finished, all by one connection. It is opened
/// when somebody waits and closed when nobody has for a while.
/// </summary>
/// <remarks>Nothing depends on it but time: whoever waits also looks by itself.</remarks>
internal sealed partial class FinishSignals : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly WaitingCallers _callers;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private readonly FinishListener _listener;
    private readonly TimeProvider _time;
    private readonly ILogger<FinishSignals> _log;
    private volatile bool _listening;
    private bool _running;

    public FinishSignals(SlowlaneOptions options, TimeProvider time, ILogger<FinishSignals> log)
    {
        _stopping = _stop.Token;
        _callers = new WaitingCallers(time);
        _listener = new FinishListener(options);
        _time = time;
        _log = log;
    }

    /// <summary>How long the connection is kept when nobody waits.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whether signals come.</summary>
    public bool Listening => _listening;

    /// <summary>How many wait.</summary>
    public int Waiting => _callers.Count;

    /// <summary>A signal for the end of a job. Look after this, not before: an end in between would go unnoticed.</summary>
    public FinishSignal Subscribe(Guid job)
    {
        var signal = new FinishSignal(job, this);
        _callers.Add(signal); // Before asking whether the connection is kept: it is while anybody waits.
        lock (_gate)
        {
            if (!_running)
            {
                _running = true;
                using var apart = ExecutionContext.SuppressFlow(); // It outlives this caller's request, and listens for others too.
                _ = Task.Run(RunAsync);
            }
        }

        return signal;
    }

    /// <summary>Forgets a signal.</summary>
    internal void Leave(FinishSignal signal) => _callers.Remove(signal);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _listener.Dispose();
    }

    private async Task RunAsync()
    {
        for (var losses = 0; GoesOn();)
        {
            try
            {
                await _listener.HearAsync(
                    begun: () =>
                    {
                        losses = 0;
                        Say(listening: true);
                    },
                    _callers.Raise,
                    IsIdle,
                    Idle / 2,
                    _stopping);
            }
#pragma warning disable CA1031 // Whatever it was, callers look by themselves until the next connection stands.
            catch (Exception e) when (!_stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                losses++;
                Lost(_log, e.Message);
            }
            finally
            {
                Say(listening: false);
            }

            if (losses > 0)
            {
                await Task.Delay(Backoff.After(losses, FirstPause, LongestPause, Random.Shared.NextDouble()), _time, _stopping);
            }
        }
    }

    /// <summary>Every waiting caller looks again: signals may have been missed until now, or will be from now on.</summary>
    private void Say(bool listening)
    {
        if (_listening != listening)
        {
            _listening = listening;
            _callers.RaiseAll();
        }
    }

    private bool GoesOn()
    {
        lock (_gate)
        {
            return _running = !IsIdle() && !_stopping.IsCancellationRequested;
        }
    }

    private bool IsIdle() => _callers.AreGoneFor(Idle);

    [LoggerMessage(LogLevel.Warning, "Signals of finished jobs don't come now, callers who wait are served by looking: {Reason}")]
    private static partial void Lost(ILogger log, string reason);
}
