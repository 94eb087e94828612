namespace Slowlane.Execution;

/// <summary>A reserved thread of <see cref="ComputeLanes"/>. <see cref="Dispose"/> returns it.</summary>
internal sealed class Lane(ComputeLanes lanes, LaneThread thread, TimeProvider time) : IDisposable
{
    /// <summary>How long a computation may run after its token fired, before its thread is abandoned.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private LaneThread _thread = thread;

    /// <summary>Runs computations on the lane's thread, in the caller's log scope and trace.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired, and the computation ended or ignored it for <see cref="Grace"/>. In the second case the thread is
    /// abandoned and the lane gets a new one.
    /// </exception>
    public async Task<T> RunAsync<T>(Func<T> computations, CancellationToken cancellationToken)
    {
        var work = _thread.Run(computations);
        if (await IsAbandonedAsync(work, Grace, cancellationToken))
        {
            _thread = lanes.Replace(_thread);
            throw Ignored(cancellationToken);
        }

        return await work;
    }

    /// <summary>Awaits work that a computation needs, such as its fetch.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired, and the work ended or ignored it for twice <see cref="Grace"/>. In the second case the work is abandoned.
    /// </exception>
    public async Task<T> WaitOrAbandonAsync<T>(Task<T> work, CancellationToken cancellationToken)
        => await IsAbandonedAsync(work, Grace * 2, cancellationToken) ? throw Ignored(cancellationToken) : await work;

    public void Dispose() => lanes.Return(_thread);

    private async Task<bool> IsAbandonedAsync(Task work, TimeSpan grace, CancellationToken cancellationToken)
    {
        await work.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(grace, time, CancellationToken.None));
        }

        if (work.IsCompleted)
        {
            return false;
        }

        lanes.Abandon(work);
        return true;
    }

    private static OperationCanceledException Ignored(CancellationToken cancellationToken)
        => new("The job's code went on after it was cancelled; it was left to itself.", cancellationToken);
}
