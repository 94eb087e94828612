namespace Slowlane.Storage;

/// <summary>Wakes one caller who waits for a job; dispose it when nobody waits any more.</summary>
/// <remarks>A reason to look again and no more: it may come without the job being finished, and may not come at all.</remarks>
internal sealed class FinishSignal(Guid job, FinishSignals source) : IDisposable
{
    private TaskCompletionSource _raised = New();

    /// <summary>The job's row id.</summary>
    public Guid Job => job;

    /// <summary>False while signals can't come: look often.</summary>
    public bool CanCome => source.Listening;

    public void Raise() => Volatile.Read(ref _raised).TrySetResult();

    /// <summary>Returns when the signal was raised since the last call returned, or the time is over.</summary>
    public async Task WaitAsync(TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        await _raised.Task.WaitAsync(atMost, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (_raised.Task.IsCompleted)
        {
            Volatile.Write(ref _raised, New()); // One raised just before is covered by the look that follows.
        }
    }

    public void Dispose() => source.Leave(this);

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
