using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Whether a message is in flight, and the jobs that wait for the next one, in order. Does no I/O.</summary>
internal sealed class PendingBatch
{
    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingSend> _waiting = new();
    private bool _sending;

    /// <summary>Adds a job while a message is in flight. Null if none is: the caller then sends the job itself and calls <see cref="Next"/>.</summary>
    public LinkedListNode<WaitingSend>? Join(AcceptedJob job)
    {
        lock (_gate)
        {
            if (_sending)
            {
                return _waiting.AddLast(new WaitingSend(job));
            }

            _sending = true;
            return null;
        }
    }

    /// <summary>Removes a waiting job. False if its message is in flight: its outcome is not known yet.</summary>
    public bool TryRemove(LinkedListNode<WaitingSend> waiting)
    {
        lock (_gate)
        {
            if (waiting.List is null)
            {
                return false;
            }

            _waiting.Remove(waiting);
            return true;
        }
    }

    /// <summary>Takes the jobs of the next message. None: no message is in flight any more.</summary>
    public List<WaitingSend> Next()
    {
        lock (_gate)
        {
            var jobs = Take(SharedMessage.Fitting(_waiting.Select(waiting => waiting.Job)));
            _sending = jobs.Count > 0;
            return jobs;
        }
    }

    /// <summary>Takes all waiting jobs; a message is still in flight.</summary>
    public List<WaitingSend> TakeAll()
    {
        lock (_gate)
        {
            return Take(_waiting.Count);
        }
    }

    private List<WaitingSend> Take(int count)
    {
        var jobs = new List<WaitingSend>(count);
        while (jobs.Count < count)
        {
            jobs.Add(_waiting.First!.Value);
            _waiting.RemoveFirst();
        }

        return jobs;
    }
}

/// <summary>A job that waits for the next message; its caller awaits that message's end.</summary>
internal sealed class WaitingSend(AcceptedJob job)
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AcceptedJob Job => job;

    public Task Sent => _sent.Task;

    public void End() => _sent.SetResult();

    public void End(Exception failure) => _sent.SetException(failure);
}
