namespace Slowlane.Execution;

/// <summary>A reserved place to compute: one thread of <see cref="ComputeLanes"/>, given back by <see cref="Dispose"/>.</summary>
internal sealed class Lane(ComputeLanes lanes, LaneThread thread, TimeProvider time) : IDisposable
{
    /// <summary>How long a computation may go on after its token fired, before its thread is given up.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private LaneThread _thread = thread;

    /// <summary>Runs computations on the lane's thread, within their caller's scopes of log and trace.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired and the computation ended by it, or ignored it for <see cref="Grace"/>: then the thread is
    /// left to itself and the lane gets a new one.
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

    /// <summary>Awaits what a computation needs, such as its fetch.</summary>
    /// <exception cref="OperationCanceledException">
    /// The token fired and the work ended by it, or ignored it for twice <see cref="Grace"/>: then it is left to itself.
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
