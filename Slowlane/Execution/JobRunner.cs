using Microsoft.Extensions.Logging;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Processes a message: runs its jobs, or sends the jobs of its batch.</summary>
internal sealed partial class JobRunner(
    JobRegistry types, JobExecutor executor, BatchDispatch batches, JobQueue queue, WorkerRecycler recycler, OutageRetry outageRetry, ILogger<JobRunner> log)
{
    /// <summary>Processes a message to its end. When the call returns, the message can be deleted.</summary>
    /// <param name="message">The text of the message, as received.</param>
    /// <param name="runs">Runs the partitions of a split job.</param>
    /// <param name="stopping">Fires when the process stops.</param>
    /// <exception cref="FormatException">
    /// The message has no job of this app. After a few deliveries the host moves it to the poison queue.
    /// </exception>
    /// <exception cref="OperationCanceledException">The process stops before the job is claimed or released.</exception>
    public async Task RunAsync(string message, IPartitionRuns runs, CancellationToken stopping)
    {
        var text = MessageText.Of(message);
        switch (JobMessage.Read(text))
        {
            case JobMessage.One one:
                await RunOrPostponeAsync([one.Job], one.Job.Type, text, runs, stopping);
                break;
            case JobMessage.Several several:
                await RunOrPostponeAsync(several.Jobs, several.Type, text, runs, stopping);
                break;
            case JobMessage.Batch batch:
                var type = HandlerOf(batch.Type);
                await outageRetry.ExecuteAsync(() => batches.DispatchAsync(batch, type, stopping), stopping);
                break;
        }

        recycler.RecycleIfNeeded();
    }

    private async Task RunOrPostponeAsync(IReadOnlyList<Envelope> jobs, string type, string text, IPartitionRuns runs, CancellationToken stopping)
    {
        try
        {
            await executor.RunAsync(jobs, HandlerOf(type), runs, stopping);
        }
        catch (StatementRefusedException e)
        {
            // A message that fails is delivered a few times, and then the job fails. Another message waits as long as it has to, and the lane is free.
            // A job that its row wakes has no use for it: the sweep sends the next one.
            Postponed(log, jobs.Count, type, e.Message);
            await (jobs is [{ IsWakeUp: true }] ? Task.CompletedTask : outageRetry.ExecuteAsync(() => queue.SendAsync(BinaryData.FromString(text), OutcomePolicy.AfterRefusal, stopping), stopping));
        }
    }

    [LoggerMessage(LogLevel.Warning, "The database refuses {Jobs} jobs ({Type}): {Reason}. They are tried again after 30 s, uncharged")]
    private static partial void Postponed(ILogger log, int jobs, string type, string reason);

    private JobHandler HandlerOf(string name) => types.Find(name) as JobHandler
        ?? throw new FormatException($"The message names the job type '{name}', which this worker doesn't know; known: {string.Join(", ", types.Names)}.");
}
