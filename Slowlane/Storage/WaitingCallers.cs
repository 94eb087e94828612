namespace Slowlane.Storage;

/// <summary>The subscriptions of waiting callers, by job.</summary>
internal sealed class WaitingCallers(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<CompletionSubscription>> _signals = [];
    private long _emptySince = time.GetTimestamp();

    /// <summary>The number of waiting callers.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _signals.Values.Sum(signals => signals.Count);
            }
        }
    }

    public void Add(CompletionSubscription signal)
    {
        lock (_gate)
        {
            if (!_signals.TryGetValue(signal.Job, out var signals))
            {
                _signals.Add(signal.Job, signals = []);
            }

            signals.Add(signal);
        }
    }

    public void Remove(CompletionSubscription signal)
    {
        lock (_gate)
        {
            if (_signals.TryGetValue(signal.Job, out var signals) && signals.Remove(signal) && signals.Count == 0)
            {
                _signals.Remove(signal.Job);
                _emptySince = time.GetTimestamp();
            }
        }
    }

    /// <summary>Wakes the callers that wait for a job.</summary>
    public void Raise(Guid job)
    {
        lock (_gate)
        {
            if (_signals.TryGetValue(job, out var signals))
            {
                signals.ForEach(signal => signal.Raise());
            }
        }
    }

    /// <summary>Wakes all callers.</summary>
    public void RaiseAll()
    {
        lock (_gate)
        {
            foreach (var signal in _signals.Values.SelectMany(signals => signals))
            {
                signal.Raise();
            }
        }
    }

    /// <summary>Returns true if there has been no waiting caller for this long.</summary>
    public bool AreGoneFor(TimeSpan idle)
    {
        lock (_gate)
        {
            return _signals.Count == 0 && time.GetElapsedTime(_emptySince) >= idle;
        }
    }
}
