using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The sends of one type: a message on its way, and the jobs that wait for the next.</summary>
internal sealed class SendsOfType(string type, JobQueue queue)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiting> _waiting = new();
    private bool _sending;

    public Task SendAsync(AcceptedJob job, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_sending)
            {
                return WaitAsync(_waiting.AddLast(new Waiting(job)), cancellationToken);
            }

            _sending = true;
        }

        return SendAloneAsync(job, cancellationToken);
    }

    private async Task WaitAsync(LinkedListNode<Waiting> waiting, CancellationToken cancellationToken)
    {
        await using var left = cancellationToken.UnsafeRegister(_ => TakeBack(waiting, cancellationToken), null);
        await waiting.Value.Sent;
    }

    private void TakeBack(LinkedListNode<Waiting> waiting, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (waiting.List is null)
            {
                return; // On its way: whether it was sent will be known soon, and must not be guessed before.
            }

            _waiting.Remove(waiting);
        }

        waiting.Value.End(new OperationCanceledException(cancellationToken));
    }

    private async Task SendAloneAsync(AcceptedJob job, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendAsync(SharedMessage.Of(type, [job]), TimeSpan.Zero, cancellationToken);
        }
        catch (Exception e) when (IsSilence(e) && !cancellationToken.IsCancellationRequested)
        {
            FailWaiting(e);
            throw;
        }
        finally
        {
            SendOn();
        }
    }

    // Apart from the request that was first: from here on it is for others, who neither wait for its end nor share its trace.
    private void SendOn()
    {
        if (Next() is not { Count: > 0 } jobs)
        {
            return;
        }

        using var apart = ExecutionContext.SuppressFlow();
        _ = Task.Run(() => SendAllAsync(jobs));
    }

    private async Task SendAllAsync(List<Waiting> jobs)
    {
        for (; jobs.Count > 0; jobs = Next())
        {
            await SendAsync(jobs);
        }
    }

    /// <summary>The jobs of the next message; none: this send was the last for now.</summary>
    private List<Waiting> Next()
    {
        lock (_gate)
        {
            var jobs = Take(SharedMessage.Fitting(_waiting.Select(waiting => waiting.Job)));
            _sending = jobs.Count > 0;
            return jobs;
        }
    }

    private List<Waiting> Take(int count)
    {
        var jobs = new List<Waiting>(count);
        while (jobs.Count < count)
        {
            jobs.Add(_waiting.First!.Value);
            _waiting.RemoveFirst();
        }

        return jobs;
    }

    // A request that was sent twice at once under one idempotency key is one job, and stands in the message once.
    private async Task SendAsync(List<Waiting> jobs)
    {
        try
        {
            await queue.SendAsync(SharedMessage.Of(type, [.. jobs.Select(waiting => waiting.Job).DistinctBy(job => job.Id)]), TimeSpan.Zero, CancellationToken.None);
            jobs.ForEach(static waiting => waiting.End());
        }
#pragma warning disable CA1031 // Whatever it was, it is the answer to these, and the next ones must have their turn.
        catch (Exception e)
#pragma warning restore CA1031
        {
            jobs.ForEach(waiting => waiting.End(e));
            if (IsSilence(e))
            {
                FailWaiting(e);
            }
        }
    }

    // Each message that isn't answered takes its time-outs: those who wait would wait for one after the other.
    private void FailWaiting(Exception silence)
    {
        List<Waiting> waiting;
        lock (_gate)
        {
            waiting = Take(_waiting.Count);
        }

        waiting.ForEach(waiting => waiting.End(silence));
    }

    private static bool IsSilence(Exception failure) => failure is not RequestFailedException { Status: not 0 };

    private sealed class Waiting(AcceptedJob job)
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AcceptedJob Job => job;

        public Task Sent => _sent.Task;

        public void End() => _sent.SetResult();

        public void End(Exception failure) => _sent.SetException(failure);
    }
}
