namespace Slowlane.LocalHost.Queues;

/// <summary>Wakes listeners that wait before they ask an empty queue again, because a message may just have been sent.</summary>
/// <remarks>
/// The real host wakes its own listeners so, when a function of the same process has sent a message by an output binding.
/// Here all processes of one host hear it. A bell that nobody rings costs nothing: the queue is polled all the same.
/// </remarks>
internal sealed class QueueBell
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next ring. Taken before the queue is asked, so that no ring is missed meanwhile.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
