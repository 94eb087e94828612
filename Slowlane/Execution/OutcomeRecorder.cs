using System.Text;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Records an outcome: first the row, then the message that will wake the next attempt. Each is tried until an outage is over.</summary>
/// <remarks>If the process dies in between, or the answer of the row's statement is lost, a queued row has no message. The sweep sends it.</remarks>
internal sealed partial class OutcomeRecorder(
    OutcomeStore store, JobReader jobs, JobQueue queue, OutageRetry outageRetry, ILogger<OutcomeRecorder> log)
{
    /// <summary>Records the outcome of one job, or of several jobs of one type that are queued again uncharged.</summary>
    public Task RecordAsync(Outcome outcome, IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => outcome switch
    {
        Outcome.Succeeded => Task.CompletedTask, // The transaction that wrote the result has marked the job.
        Outcome.Released released => ReleaseAsync(claims, released.After, outages: 0, cancellationToken),
        Outcome.Interrupted interrupted => ReleaseAsync(claims, interrupted.After, outages: 1, cancellationToken),
        Outcome.Retry retry => RetryAsync(retry, claims.Single(), cancellationToken),
        Outcome.Failed failed => FailAsync(failed, claims.Single(), cancellationToken),
        Outcome.Cancelled => CancelAsync(claims.Single(), cancellationToken),
        Outcome.LeaseLost => LeaseLostAsync(claims.Single(), cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    private async Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan after, int outages, CancellationToken cancellationToken)
    {
        var queued = await outageRetry.ExecuteUnlessRefusedAsync(() => store.ReleaseAsync(claims, after, outages, cancellationToken), cancellationToken);
        await WakeAsync(queued, after, cancellationToken);
        foreach (var claim in queued)
        {
            Released(log, claim.Id, claim.Type.Name);
        }
    }

    // Jobs that came in one message share one again.
    private async Task WakeAsync(IReadOnlyList<Claim> queued, TimeSpan after, CancellationToken cancellationToken)
    {
        if (queued.Count > 1 && queued.All(claim => claim.Input is not null))
        {
            var requeued = queued.Select(claim => new AcceptedJob(claim.Id, Encoding.UTF8.GetBytes(claim.Input!), claim.Trace)).ToList();
            await outageRetry.ExecuteAsync(() => queue.SendAsync(SharedMessage.Write(queued[0].Type.Name, requeued), after, cancellationToken), cancellationToken);
            return;
        }

        foreach (var claim in queued)
        {
            await outageRetry.ExecuteAsync(() => queue.WakeAsync(claim.Id, claim.Type.Name, after, cancellationToken), cancellationToken);
        }
    }

    private async Task RetryAsync(Outcome.Retry outcome, Claim claim, CancellationToken cancellationToken)
    {
        if (await outageRetry.ExecuteUnlessRefusedAsync(() => store.RetryAsync(claim, outcome.After, outcome.Error, cancellationToken), cancellationToken))
        {
            await WakeAsync([claim], outcome.After, cancellationToken);
        }
    }

    private async Task FailAsync(Outcome.Failed outcome, Claim claim, CancellationToken cancellationToken)
    {
        if (await outageRetry.ExecuteUnlessRefusedAsync(() => store.FailAsync(claim, outcome.Error, cancellationToken), cancellationToken))
        {
            Failed(log, claim.Id, claim.Type.Name, claim.Attempt, outcome.Error.Type);
        }
    }

    private async Task CancelAsync(Claim claim, CancellationToken cancellationToken)
    {
        if (await outageRetry.ExecuteUnlessRefusedAsync(() => store.CancelAsync(claim, cancellationToken), cancellationToken))
        {
            Cancelled(log, claim.Id, claim.Type.Name);
        }
    }

    // If another worker claimed the job, that worker runs it. If the row is gone, because a database that lagged behind took
    // over, only the message still has the job, so it must be delivered again.
    private async Task LeaseLostAsync(Claim claim, CancellationToken cancellationToken)
    {
        Lost(log, claim.Id, claim.Type.Name);
        if (await outageRetry.ExecuteAsync(() => jobs.FindAsync(claim.Id, cancellationToken), cancellationToken) is null)
        {
            throw new InvalidOperationException($"Job {claim.Id} has no row any more; its message starts it anew.");
        }
    }

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Type}): handed back")]
    private static partial void Released(ILogger log, JobId jobId, string type);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): failed at attempt {Attempt}: {Error}")]
    private static partial void Failed(ILogger log, JobId jobId, string type, int attempt, string error);

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Type}): cancelled")]
    private static partial void Cancelled(ILogger log, JobId jobId, string type);

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): lease lost, nothing written")]
    private static partial void Lost(ILogger log, JobId jobId, string type);
}
