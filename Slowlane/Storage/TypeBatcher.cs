using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Sends the short jobs of one type: one message in flight, then one with the jobs that were submitted meanwhile.</summary>
internal sealed class TypeBatcher(string type, JobQueue queue)
{
    private readonly PendingBatch _waiting = new();

    public Task SendAsync(AcceptedJob job, CancellationToken cancellationToken)
        => _waiting.Join(job) is { } waiting ? WaitAsync(waiting, cancellationToken) : SendAloneAsync(job, cancellationToken);

    private async Task WaitAsync(LinkedListNode<WaitingSend> waiting, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(_ => Cancel(waiting, cancellationToken), null);
        await waiting.Value.Sent;
    }

    private void Cancel(LinkedListNode<WaitingSend> waiting, CancellationToken cancellationToken)
    {
        if (_waiting.TryRemove(waiting))
        {
            waiting.Value.End(new OperationCanceledException(cancellationToken));
        }
    }

    private async Task SendAloneAsync(AcceptedJob job, CancellationToken cancellationToken)
    {
        try
        {
            await queue.SendAsync(SharedMessage.Of(type, [job]), TimeSpan.Zero, cancellationToken);
        }
        catch (Exception e) when (IsUnanswered(e) && !cancellationToken.IsCancellationRequested)
        {
            FailWaiting(e);
            throw;
        }
        finally
        {
            SendNext();
        }
    }

    // Not in the first request's context: these sends serve other requests, which share neither its lifetime nor its trace.
    private void SendNext()
    {
        if (_waiting.Next() is not { Count: > 0 } jobs)
        {
            return;
        }

        using var noFlow = ExecutionContext.SuppressFlow();
        _ = Task.Run(() => SendAllAsync(jobs));
    }

    private async Task SendAllAsync(List<WaitingSend> jobs)
    {
        for (; jobs.Count > 0; jobs = _waiting.Next())
        {
            await SendAsync(jobs);
        }
    }

    // Two requests with one idempotency key are one job: the message names it once.
    private async Task SendAsync(List<WaitingSend> jobs)
    {
        try
        {
            await queue.SendAsync(SharedMessage.Of(type, [.. jobs.Select(waiting => waiting.Job).DistinctBy(job => job.Id)]), TimeSpan.Zero, CancellationToken.None);
            jobs.ForEach(static waiting => waiting.End());
        }
#pragma warning disable CA1031 // The callers get it as their answer, and the next jobs are still sent.
        catch (Exception e)
#pragma warning restore CA1031
        {
            jobs.ForEach(waiting => waiting.End(e));
            if (IsUnanswered(e))
            {
                FailWaiting(e);
            }
        }
    }

    // A message that storage does not answer runs into time-outs. The waiting jobs would run into one after the other.
    private void FailWaiting(Exception failure) => _waiting.TakeAll().ForEach(waiting => waiting.End(failure));

    private static bool IsUnanswered(Exception failure) => failure is not RequestFailedException { Status: not 0 };
}
