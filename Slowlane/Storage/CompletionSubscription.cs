namespace Slowlane.Storage;

/// <summary>One caller's subscription to the end of a job; disposing it unsubscribes.</summary>
/// <remarks>
/// A raised subscription tells its caller to look the job up again. It may be raised before the job has finished, and may never
/// be raised.
/// </remarks>
internal sealed class CompletionSubscription(Guid job, CompletionNotifier source) : IDisposable
{
    private TaskCompletionSource _raised = New();

    /// <summary>The job's row id.</summary>
    public Guid Job => job;

    /// <summary>False while the connection does not listen. The caller then polls more often.</summary>
    public bool CanCome => source.Listening;

    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Returns when the subscription was raised since the last call, or when the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _raised.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_raised.Task.IsCompleted)
        {
            Volatile.Write(ref _raised, New()); // A signal that is dropped here is covered by the look-up that follows.
        }
    }

    public void Dispose() => source.Unsubscribe(this);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
