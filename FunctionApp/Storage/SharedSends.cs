using System.Collections.Concurrent;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>
/// Sends short jobs: what is submitted while a message of the type is on its way leaves with the next one, in the order it
/// came. Nobody waits for company: where no message is on its way, a job leaves at once.
/// </summary>
/// <remarks>
/// One message of a type is on its way at a time. Two or four at a time carry the same jobs in more messages: 64 callers were
/// served no sooner by them (Azurite; 5 to 10 ms either way), at half as much and twice as much processor time a job, and a
/// worker has more messages to receive. What waits here are jobs of requests that wait for their answer; their number bounds the memory, at 48 KiB each at most.
/// While storage doesn't answer, a job can wait for two messages' time-outs: the one before its own, and its own.
/// </remarks>
internal sealed class SharedSends(JobQueue queue)
{
    private readonly ConcurrentDictionary<string, OfType> _types = new(StringComparer.Ordinal);

    /// <summary>Sends a job that <see cref="AcceptedJob.Shares"/>; ends as the message does that it is in.</summary>
    /// <param name="type">The job's type.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Ends the wait; the job may be sent all the same, and the others are.</param>
    /// <exception cref="Azure.RequestFailedException">The queue can't be reached, or refuses.</exception>
    public Task SendAsync(string type, AcceptedJob job, CancellationToken cancellationToken)
        => _types.GetOrAdd(type, static (type, queue) => new OfType(type, queue), queue).SendAsync(job, cancellationToken);

    private sealed class OfType(string type, JobQueue queue)
    {
        private readonly Lock _gate = new();
        private readonly Queue<Waiting> _waiting = new();
        private bool _sending;

        public Task SendAsync(AcceptedJob job, CancellationToken cancellationToken)
        {
            lock (_gate)
            {
                if (_sending)
                {
                    var waiting = new Waiting(job);
                    _waiting.Enqueue(waiting);
                    return waiting.Sent.WaitAsync(cancellationToken);
                }

                _sending = true;
            }

            return SendAloneAsync(job, cancellationToken);
        }

        private async Task SendAloneAsync(AcceptedJob job, CancellationToken cancellationToken)
        {
            try
            {
                await queue.SendAsync(SharedMessage.Of(type, [job]), TimeSpan.Zero, cancellationToken);
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
                var jobs = new List<Waiting>();
                for (var fitting = SharedMessage.Fitting(_waiting.Select(waiting => waiting.Job)); jobs.Count < fitting;)
                {
                    jobs.Add(_waiting.Dequeue());
                }

                _sending = jobs.Count > 0;
                return jobs;
            }
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
            }
        }
    }

    private sealed class Waiting(AcceptedJob job)
    {
        private readonly TaskCompletionSource _sent = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public AcceptedJob Job => job;

        public Task Sent => _sent.Task;

        public void End() => _sent.SetResult();

        public void End(Exception failure) => _sent.SetException(failure);
    }
}
