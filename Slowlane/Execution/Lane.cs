using System.Diagnostics;
using System.Runtime.CompilerServices;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>A reserved place to compute: one thread of <see cref="ComputeLanes"/>, given back by <see cref="Dispose"/>.</summary>
internal sealed class Lane : IDisposable
{
    /// <summary>How long a computation may go on after its token fired, before its thread is given up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly ComputeLanes _lanes;
    private readonly LaneThread _thread;
    private readonly TimeProvider _time;

    public Lane(ComputeLanes lanes, LaneThread thread, TimeProvider time)
    {
        _lanes = lanes;
        _thread = thread;
        _time = time;
    }

    /// <summary>Whether its thread was left to a computation that ignored its token.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Called on the lane's thread after each computation, with the time and the processor time that it took.</summary>
    public Action<TimeSpan, TimeSpan?>? Computed { get; set; }

    /// <summary>Runs a computation on the lane's thread, within its caller's scopes of log and trace.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired and the computation ended by it, or ignored it for <see cref="Grace"/>: then the thread is
    /// left to itself and the lane gets a new one.
    /// </exception>
    public Task<T> RunAsync<T>(Func<T> compute, CancellationToken cancellationToken) => HopAsync(() => Measured(compute), cancellationToken);

    /// <summary>Likewise runs several computations, each of which is <see cref="Measured"/> by itself.</summary>
    /// <inheritdoc cref="RunAsync"/>
    public Task<T> HopAsync<T>(Func<T> computations, CancellationToken cancellationToken)
        => IsLost
            ? throw new OperationCanceledException("The lane was given to others, because its job's fetch ignored its token.", cancellationToken)
            : EndAsync(_thread.Run(computations), Grace, cancellationToken);

    /// <summary>Runs a computation on this thread, which is the lane's, and tells <see cref="Computed"/> of it.</summary>
    public T Measured<T>(Func<T> compute)
    {
        using var span = Tracing.Source.StartActivity("compute");
        var (start, cpu) = (Stopwatch.GetTimestamp(), ThreadCpuClock.Now);
        try
        {
            return compute();
        }
        catch (Exception e) when (span.Failed(e))
        {
            throw;
        }
        finally
        {
            Computed?.Invoke(Stopwatch.GetElapsedTime(start), ThreadCpuClock.IsSupported ? ThreadCpuClock.Now - cpu : null);
        }
    }

    /// <summary>Awaits an attempt that computes on this lane, fetch and all.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired and the attempt ended by it, or ignored it for twice <see cref="Grace"/>: then it is left to itself.
    /// </exception>
    public Task<T> HoldAsync<T>(Task<T> attempt, CancellationToken cancellationToken) => EndAsync(attempt, Grace * 2, cancellationToken);

    public void Dispose() => _lanes.Return(_thread, IsLost);

    private async Task<T> EndAsync<T>(Task<T> work, TimeSpan grace, CancellationToken cancellationToken)
    {
        try
        {
            return await work.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(grace, _time, CancellationToken.None));
        }

        if (!work.IsCompleted)
        {
            IsLost = true;
            _lanes.Abandon(work);
            throw new OperationCanceledException("The job's code went on after it was cancelled; its lane was replaced.", cancellationToken);
        }

        return await work;
    }
}

/// <summary>A thread that computes one thing at a time.</summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of; and the thread can't tell when Leave is done with it.
internal sealed class LaneThread
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _wake = new(0);
    private Action? _work;
    private volatile bool _leaving;

    public LaneThread(string name)
    {
        // A background thread: a computation that ignores its token can't hold up the end of the process.
        var thread = new Thread(Loop) { Name = name, IsBackground = true };
        thread.UnsafeStart(); // It serves one job after another: nobody's scopes are its own.
    }

    public Task<T> Run<T>(Func<T> compute)
    {
        // Continuations run on the pool, never on the lane.
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var caller = ExecutionContext.Capture();
        _work = caller is null ? () => Compute(compute, done) : () => ExecutionContext.Run(caller, _ => Compute(compute, done), null);
        _wake.Release();
        return done.Task;
    }

    /// <summary>Ends the thread once what it computes is over.</summary>
    public void Leave()
    {
        _leaving = true;
        _wake.Release();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Compute<T>(Func<T> compute, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(compute());
        }
        catch (OperationCanceledException e)
        {
            done.SetCanceled(e.CancellationToken);
        }
#pragma warning disable CA1031 // Every failure belongs to the job, none to the lane.
        catch (Exception e)
#pragma warning restore CA1031
        {
            done.SetException(e);
        }
    }

    private void Loop()
    {
        LanePriority.Lower();
        while (true)
        {
            _wake.Wait();
            var work = Interlocked.Exchange(ref _work, null);
            work?.Invoke();
            if (_leaving)
            {
                return;
            }
        }
    }
}
