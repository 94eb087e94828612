using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>Runs the jobs of one message.</summary>
internal sealed partial class JobRunner(
    JobRegistry types,
    ComputeLanes lanes,
    ClaimStore claims,
    AttemptRunner attempts,
    SetRunner sets,
    BatchDispatch batches,
    WorkerRecycler recycler,
    OutageRetry outageRetry,
    JobMetrics metrics,
    ILogger<JobRunner> log)
{
    /// <summary>Runs a message to its end. A return means: the message has done its work and can be deleted.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="parts">Where the parts of a job are run that is split.</param>
    /// <param name="stopping">Fires when the process stops.</param>
    /// <exception cref="FormatException">The message is no job of this app; after a few deliveries the host puts it aside as poison.</exception>
    /// <exception cref="OperationCanceledException">The process is stopping before the job could be claimed or handed back.</exception>
    public async Task RunAsync(string message, IPartitionRuns parts, CancellationToken stopping)
    {
        switch (JobMessage.Read(MessageText.Of(message)))
        {
            case JobMessage.One one:
                await RunAsync(one.Job, TypeOf(one.Job.Type), parts, stopping);
                break;
            case JobMessage.Several several:
                await sets.RunAsync(several.Jobs, TypeOf(several.Type), parts, stopping);
                break;
            case JobMessage.Batch batch:
                var type = TypeOf(batch.Type);
                await outageRetry.ExecuteAsync(() => batches.DispatchAsync(batch, type, stopping), stopping);
                break;
        }

        recycler.RecycleIfNeeded();
    }

    private async Task RunAsync(Envelope envelope, JobHandler type, IPartitionRuns parts, CancellationToken stopping)
    {
        // A lane before the claim: what waits for one is still queued, and says so.
        using var lane = await lanes.ReserveAsync(stopping);
        var claim = await outageRetry.ExecuteAsync(() => claims.ClaimAsync(envelope, type, stopping), stopping);
        if (claim is null)
        {
            Dropped(log, envelope.Id, type.Name);
            return;
        }

        metrics.Claimed(type.Name, claim.Waited);
        await attempts.RunAsync(claim, type, lane, parts, stopping);
    }

    private JobHandler TypeOf(string name) => types.Find(name) as JobHandler
        ?? throw new FormatException($"The message names the job type '{name}', which this worker doesn't know; known: {string.Join(", ", types.Names)}.");

    [LoggerMessage(LogLevel.Debug, "Job {JobId} ({Type}): finished, held or not due; message dropped")]
    private static partial void Dropped(ILogger log, JobId jobId, string type);
}
