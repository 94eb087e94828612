using System.Text;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Carries an outcome out: first the row, then the message that will wake the next attempt.</summary>
/// <remarks>A process that dies in between leaves a queued row without a message; the sweeper sends it.</remarks>
internal sealed partial class OutcomeRecorder(OutcomeStore store, JobReader jobs, JobQueue queue, ILogger<OutcomeRecorder> log)
{
    /// <summary>Records an outcome: of one job, or of several of one type that are queued again uncharged.</summary>
    public Task RecordAsync(Outcome outcome, IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => outcome switch
    {
        Outcome.Succeeded => Task.CompletedTask, // Marked in the transaction that wrote its result.
        Outcome.Released released => ReleaseAsync(claims, released.After, outages: 0, cancellationToken),
        Outcome.Interrupted interrupted => ReleaseAsync(claims, interrupted.After, outages: 1, cancellationToken),
        Outcome.Retry retry => RetryAsync(retry, claims.Single(), cancellationToken),
        Outcome.Failed failed => FailAsync(failed, claims.Single(), cancellationToken),
        Outcome.Cancelled => CancelAsync(claims.Single(), cancellationToken),
        Outcome.LeaseLost => LeaseLostAsync(claims.Single(), cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Not an outcome."),
    };

    // Their attempts are not charged.
    private async Task ReleaseAsync(IReadOnlyList<Claim> claims, TimeSpan after, int outages, CancellationToken cancellationToken)
    {
        var queued = await store.ReleaseAsync(claims, after, outages, cancellationToken);
        await WakeAsync(queued, after, cancellationToken);
        foreach (var claim in queued)
        {
            Released(log, claim.Id, claim.Type.Name);
        }
    }

    // Several came in one message, and leave in one.
    private async Task WakeAsync(IReadOnlyList<Claim> queued, TimeSpan after, CancellationToken cancellationToken)
    {
        if (queued.Count > 1 && queued.All(claim => claim.Input is not null))
        {
            var again = queued.Select(claim => new AcceptedJob(claim.Id, Encoding.UTF8.GetBytes(claim.Input!), claim.Trace)).ToList();
            await queue.SendAsync(SharedMessage.Write(queued[0].Type.Name, again), after, cancellationToken);
            return;
        }

        foreach (var claim in queued)
        {
            await queue.WakeAsync(claim.Id, claim.Type.Name, after, cancellationToken);
        }
    }

    private async Task RetryAsync(Outcome.Retry outcome, Claim claim, CancellationToken cancellationToken)
    {
        if (await store.RetryAsync(claim, outcome.After, outcome.Error, cancellationToken))
        {
            await queue.WakeAsync(claim.Id, claim.Type.Name, outcome.After, cancellationToken);
        }
    }

    private async Task FailAsync(Outcome.Failed outcome, Claim claim, CancellationToken cancellationToken)
    {
        if (await store.FailAsync(claim, outcome.Error, cancellationToken))
        {
            Failed(log, claim.Id, claim.Type.Name, claim.Attempt, outcome.Error.Type);
        }
    }

    private async Task CancelAsync(Claim claim, CancellationToken cancellationToken)
    {
        if (await store.CancelAsync(claim, cancellationToken))
        {
            Cancelled(log, claim.Id, claim.Type.Name);
        }
    }

    // Lost to another worker: that one has the job. Lost with its row, when a database that lagged behind took over:
    // then the message is all there is of the job, and must come again.
    private async Task LeaseLostAsync(Claim claim, CancellationToken cancellationToken)
    {
        Lost(log, claim.Id, claim.Type.Name);
        if (await jobs.FindAsync(claim.Id, cancellationToken) is null)
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
