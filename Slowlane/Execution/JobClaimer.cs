using Microsoft.Extensions.Logging;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Claims the jobs of a message and keeps their leases.</summary>
internal sealed partial class JobClaimer(
    ClaimStore claims, LeaseStore leases, CancelWatch cancels, OutageRetry outageRetry, TimeProvider time, JobMetrics metrics, ILogger<JobClaimer> log)
{
    /// <summary>Claims the jobs that can be claimed. Waits out an outage.</summary>
    /// <exception cref="StatementRefusedException">The database refuses these jobs, and takes others.</exception>
    public async Task<ClaimedJobs> ClaimAsync(IReadOnlyList<Envelope> envelopes, JobDefinition type, CancellationToken stopping)
    {
        var claimed = await ClaimOrWaitAsync(envelopes, type, stopping);
        if (claimed.Taken.Count < envelopes.Count)
        {
            NotTaken(log, envelopes.Count - claimed.Taken.Count, envelopes.Count, type.Name, envelopes[0].Id);
        }

        var jobs = new List<RunningJob>(claimed.Taken.Count);
        foreach (var claim in claimed.Taken)
        {
            metrics.Claimed(type.Name, claim.Waited);
            jobs.Add(new RunningJob(claim, cancels, time, stopping));
        }

        return new ClaimedJobs(jobs, claimed.RestFailure, Heartbeat.Start(leases, jobs, time, log));
    }

    private async Task<ClaimedSet> ClaimOrWaitAsync(IReadOnlyList<Envelope> envelopes, JobDefinition type, CancellationToken stopping)
    {
        try
        {
            return await outageRetry.ExecuteUnlessRefusedAsync(() => claims.ClaimAsync(envelopes, type, stopping), stopping);
        }
        catch (PostgresException e) when (!SchemaObjects.Rules.Contains(e.ConstraintName, StringComparer.Ordinal))
        {
            throw new StatementRefusedException(e); // No job type has a part in a claim. An index of others has an expression that fails, say.
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Count} of {Jobs} jobs of a message ({Type}, {JobId} the first): finished, paused or not due; dropped")]
    private static partial void NotTaken(ILogger log, int count, int jobs, string type, JobId jobId);
}

/// <summary>Claimed jobs. Until disposed, their leases are renewed and they are told of a requested cancellation.</summary>
/// <param name="Jobs">The jobs, in the message's order.</param>
/// <param name="RestFailure">The failure that kept other jobs of the message from being claimed, if any.</param>
/// <param name="Heartbeat">Renews their leases.</param>
internal sealed record ClaimedJobs(IReadOnlyList<RunningJob> Jobs, Exception? RestFailure, Heartbeat Heartbeat) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Heartbeat.DisposeAsync();
        foreach (var job in Jobs)
        {
            job.Dispose();
        }
    }
}
