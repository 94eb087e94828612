namespace Slowlane.LocalHost.Workers;

/// <summary>Workers that run the same functions. Each invocation goes to the worker with the fewest invocations in flight.</summary>
internal sealed class WorkerPool
{
    private readonly IReadOnlyList<WorkerSlot> _slots;
    private volatile bool _isStopping;
    private TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WorkerPool(IReadOnlyList<WorkerSlot> slots)
    {
        _slots = slots;
        foreach (var slot in slots)
        {
            slot.Opened = Wake;
        }
    }

    /// <summary>A ready worker: at once, or when one becomes ready.</summary>
    /// <exception cref="WorkerProcessExitException">The pool is stopping, so no worker becomes ready.</exception>
    public ValueTask<WorkerChannel> TakeAsync(CancellationToken cancellationToken)
        => Least() is { } channel ? new ValueTask<WorkerChannel>(channel) : WaitAsync(cancellationToken);

    /// <summary>Requests the workers to end, and kills those that exceed the grace time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        _isStopping = true;
        Wake();
        await Task.WhenAll(_slots.Select(slot => slot.StopAsync(grace)));
        foreach (var slot in _slots)
        {
            slot.Dispose();
        }
    }

    private async ValueTask<WorkerChannel> WaitAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var opened = Volatile.Read(ref _opened).Task;
            if (Least() is { } channel)
            {
                return channel;
            }

            if (_isStopping)
            {
                throw new WorkerProcessExitException("The host stops, and its workers have ended.");
            }

            await opened.WaitAsync(cancellationToken);
        }
    }

    private void Wake() => Interlocked.Exchange(ref _opened, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    private WorkerChannel? Least()
    {
        var (least, fewest) = ((WorkerChannel?)null, int.MaxValue);
        foreach (var slot in _slots)
        {
            if (slot.Channel is { IsOpen: true, InFlight: var inFlight } channel && inFlight < fewest)
            {
                (least, fewest) = (channel, inFlight);
            }
        }

        return least;
    }
}
