namespace Slowlane.Running;

/// <summary>The tokens of one attempt, and the first reason why they fired.</summary>
internal sealed class AttemptStop : IDisposable
{
    /// <summary>At shutdown, a result that is being written gets this long to land.</summary>
    private static readonly TimeSpan WriteGrace = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _compute = new();
    private readonly CancellationTokenSource _write;
    private readonly CancellationTokenRegistration _shutdown;
    private int _reason;

    public AttemptStop(TimeProvider time, CancellationToken shutdown)
    {
        _write = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _shutdown = shutdown.Register(() => Stop(StopReason.Shutdown));
    }

    /// <summary>Ends fetching and computing.</summary>
    public CancellationToken Token => _compute.Token;

    /// <summary>Ends writing: at once when the lease is lost, after a grace at shutdown.</summary>
    public CancellationToken WriteToken => _write.Token;

    public StopReason Reason => (StopReason)Volatile.Read(ref _reason);

    public void Stop(StopReason reason)
    {
        Interlocked.CompareExchange(ref _reason, (int)reason, (int)StopReason.None);
        _write.CancelAfter(reason == StopReason.Shutdown ? WriteGrace : TimeSpan.Zero);
        _compute.Cancel();
    }

    public void Dispose()
    {
        _shutdown.Dispose();
        _compute.Dispose();
        _write.Dispose();
    }
}
