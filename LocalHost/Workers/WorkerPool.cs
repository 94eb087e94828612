namespace Slowlane.LocalHost.Workers;

/// <summary>Workers that run the same functions: each invocation goes to the one with the fewest in flight.</summary>
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

    /// <summary>A worker with room, at once, or as soon as one is ready again.</summary>
    /// <exception cref="WorkerProcessExitException">The workers were told to end: none is ready again.</exception>
    public ValueTask<WorkerChannel> TakeAsync(CancellationToken cancellationToken)
        => Least() is { } channel ? new ValueTask<WorkerChannel>(channel) : WaitAsync(cancellationToken);

    /// <summary>Asks the workers to end, and ends those that take longer.</summary>
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
