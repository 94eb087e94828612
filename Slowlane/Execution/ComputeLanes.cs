using System.Globalization;
using System.Threading.Channels;

namespace Slowlane.Execution;

/// <summary>
/// The threads that compute, a fixed number per process. None of them is a request or pool thread, so no request ever waits
/// behind a computation.
/// </summary>
internal sealed class ComputeLanes : IDisposable
{
    private readonly Channel<LaneThread> _free = Channel.CreateUnbounded<LaneThread>();
    private readonly TimeProvider _time;
    private int _made;
    private int _abandoned;
    private volatile bool _disposed;

    public ComputeLanes(int count, TimeProvider time)
    {
        _time = time;
        Count = count;
        for (var i = 0; i < count; i++)
        {
            _free.Writer.TryWrite(NewThread());
        }
    }

    public int Count { get; }

    /// <summary>The number of reserved lanes.</summary>
    public int Busy => Count - _free.Reader.Count;

    /// <summary>The number of computations that ignored their token and still run. Each has a former lane's thread.</summary>
    public int Abandoned => Volatile.Read(ref _abandoned);

    /// <summary>Waits for a free lane.</summary>
    public async Task<Lane> ReserveAsync(CancellationToken cancellationToken)
        => new(this, await _free.Reader.ReadAsync(cancellationToken), _time);

    /// <summary>Counts a computation that ignores its token, until it ends.</summary>
    public void Abandon(Task computation)
    {
        Interlocked.Increment(ref _abandoned);
        _ = computation.ContinueWith(
            ended =>
            {
                _ = ended.Exception; // Marks the exception as observed, because no caller awaits the computation any more.
                Interlocked.Decrement(ref _abandoned);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Makes a lane's thread free again.</summary>
    public void Return(LaneThread thread)
    {
        if (_disposed || !_free.Writer.TryWrite(thread))
        {
            thread.Release();
        }
    }

    /// <summary>Ends a thread once its computation ends, and returns a new thread in its place.</summary>
    public LaneThread Replace(LaneThread thread)
    {
        thread.Release();
        return NewThread();
    }

    public void Dispose()
    {
        _disposed = true;
        _free.Writer.TryComplete();
        while (_free.Reader.TryRead(out var thread))
        {
            thread.Release();
        }
    }

    private LaneThread NewThread() => new(string.Create(CultureInfo.InvariantCulture, $"lane {Interlocked.Increment(ref _made)}"));
}
