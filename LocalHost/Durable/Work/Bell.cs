namespace Slowlane.LocalHost.Durable.Work;

/// <summary>Wakes the loops of a process when there may be work.</summary>
internal sealed class Bell
{
    private TaskCompletionSource _next = New();

    /// <summary>Ends at the next ring. Taken before looking for work, it misses none.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Rings once after a time: for a timer that is due before the loops would look again.</summary>
    public async Task RingAfterAsync(TimeSpan wait, TimeProvider time, CancellationToken stopping)
    {
        await Task.Delay(wait, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Ring();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
