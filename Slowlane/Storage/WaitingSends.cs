using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Whether a message is on its way, and the jobs that wait for the next, in the order they came. What talks to the queue is elsewhere.</summary>
internal sealed class WaitingSends
{
    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingSend> _waiting = new();
    private bool _sending;

    /// <summary>Has a job wait while a message is on its way; null when none is: then the job leaves at once, and <see cref="Next"/> follows it.</summary>
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

    /// <summary>Takes a job back that waits; false when it is on its way: whether it was sent will be known soon, and must not be guessed before.</summary>
    public bool TryTakeBack(LinkedListNode<WaitingSend> waiting)
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

    /// <summary>The jobs of the next message; none: the send before was the last for now.</summary>
    public List<WaitingSend> Next()
    {
        lock (_gate)
        {
            var jobs = Take(SharedMessage.Fitting(_waiting.Select(waiting => waiting.Job)));
            _sending = jobs.Count > 0;
            return jobs;
        }
    }

    /// <summary>All that wait; the message before is still on its way.</summary>
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

/// <summary>A job that waits for its message, and its caller for that message's end.</summary>
internal sealed class WaitingSend(AcceptedJob job)
{
    private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AcceptedJob Job => job;

    public Task Sent => _sent.Task;

    public void End() => _sent.SetResult();

    public void End(Exception failure) => _sent.SetException(failure);
}
