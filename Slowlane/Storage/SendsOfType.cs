using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>The sends of one type: a message on its way, and after it one with the jobs that came meanwhile.</summary>
internal sealed class SendsOfType(string type, JobQueue queue)
{
    private readonly WaitingSends _waiting = new();

    public Task SendAsync(AcceptedJob job, CancellationToken cancellationToken)
        => _waiting.Join(job) is { } waiting ? WaitAsync(waiting, cancellationToken) : SendAloneAsync(job, cancellationToken);

    private async Task WaitAsync(LinkedListNode<WaitingSend> waiting, CancellationToken cancellationToken)
    {
        await using var left = cancellationToken.UnsafeRegister(_ => TakeBack(waiting, cancellationToken), null);
        await waiting.Value.Sent;
    }

    private void TakeBack(LinkedListNode<WaitingSend> waiting, CancellationToken cancellationToken)
    {
        if (_waiting.TryTakeBack(waiting))
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
        if (_waiting.Next() is not { Count: > 0 } jobs)
        {
            return;
        }

        using var apart = ExecutionContext.SuppressFlow();
        _ = Task.Run(() => SendAllAsync(jobs));
    }

    private async Task SendAllAsync(List<WaitingSend> jobs)
    {
        for (; jobs.Count > 0; jobs = _waiting.Next())
        {
            await SendAsync(jobs);
        }
    }

    // A request that was sent twice at once under one idempotency key is one job, and stands in the message once.
    private async Task SendAsync(List<WaitingSend> jobs)
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
    private void FailWaiting(Exception silence) => _waiting.TakeAll().ForEach(waiting => waiting.End(silence));

    private static bool IsSilence(Exception failure) => failure is not RequestFailedException { Status: not 0 };
}
