using System.Runtime.CompilerServices;

namespace Slowlane.Execution;

/// <summary>A thread that computes one thing at a time.</summary>
#pragma warning disable CA1001 // A semaphore without a wait handle has nothing to dispose of, and the thread can't tell when Release has finished using it.
internal sealed class LaneThread
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _wake = new(0);
    private Action? _work;
    private volatile bool _leaving;

    public LaneThread(string name)
    {
        // A background thread, so that a computation that ignores its token can't delay the end of the process.
        var thread = new Thread(Loop) { Name = name, IsBackground = true };
        thread.UnsafeStart(); // The thread serves one job after another, so it must not inherit a caller's scopes.
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

    /// <summary>Ends the thread once its computation is over.</summary>
    public void Release()
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
#pragma warning disable CA1031 // Any failure is the job's, never the lane's.
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
