namespace Slowlane.Execution;

/// <summary>The cancellation tokens of one attempt, and the first reason why they fired.</summary>
internal sealed class AttemptCancellation : IDisposable
{
    /// <summary>How long a result that is being written may take after a shutdown began.</summary>
    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _compute = new();
    private readonly CancellationTokenSource _write;
    private readonly ITimer _limit;
    private readonly CancellationTokenRegistration _shutdown;
    private StopReason _reason;
    private bool _ended;

    /// <param name="time">The clock.</param>
    /// <param name="shutdown">Fires when the process stops.</param>
    public AttemptCancellation(TimeProvider time, CancellationToken shutdown)
    {
        _write = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _limit = time.CreateTimer(_ => Stop(StopReason.TimeLimit), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _shutdown = shutdown.Register(() => Stop(StopReason.Shutdown));
    }

    /// <summary>Ends fetching and computing.</summary>
    public CancellationToken Token => _compute.Token;

    /// <summary>Ends writing: after a grace period at shutdown, at once for any other reason.</summary>
    public CancellationToken WriteToken => _write.Token;

    public StopReason Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason;
            }
        }
    }

    /// <summary>Begins a step, and fires the tokens if it takes longer than the limit. The step ends when the result is disposed of.</summary>
    public Step Limit(TimeSpan limit)
    {
        _limit.Change(limit, Timeout.InfiniteTimeSpan);
        return new Step(this);
    }

    /// <summary>Fires the tokens. Does nothing if the attempt has ended meanwhile.</summary>
    public void Stop(StopReason reason)
    {
        lock (_gate)
        {
            if (_ended)
            {
                return;
            }

            _reason = _reason == StopReason.None ? reason : _reason;

            // Callbacks of the tokens run on the pool, because they may take long and may throw.
            _ = _compute.CancelAsync();
            if (reason == StopReason.Shutdown)
            {
                _write.CancelAfter(WriteGrace);
            }
            else
            {
                _ = _write.CancelAsync();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _ended = true;
        }

        _shutdown.Dispose(); // Waits for a running callback, so it must not run under the lock.
        _limit.Dispose();
        _compute.Dispose();
        _write.Dispose();
    }

    /// <summary>A step while it is limited.</summary>
    internal readonly struct Step(AttemptCancellation stop) : IDisposable
    {
        public void Dispose() => stop._limit.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
