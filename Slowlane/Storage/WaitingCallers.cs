namespace Slowlane.Storage;

/// <summary>The signals of callers who wait, by job.</summary>
internal sealed class WaitingCallers(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, List<CompletionSubscription>> _signals = [];
    private long _leftAt = time.GetTimestamp();

    /// <summary>How many wait.</summary>
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
                _leftAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Wakes who waits for a job.</summary>
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

    /// <summary>Wakes everybody.</summary>
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

    /// <summary>True when nobody waits and nobody has for so long.</summary>
    public bool AreGoneFor(TimeSpan idle)
    {
        lock (_gate)
        {
            return _signals.Count == 0 && time.GetElapsedTime(_leftAt) >= idle;
        }
    }
}
