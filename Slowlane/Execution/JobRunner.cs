using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution;

/// <summary>Processes a message: runs its jobs, or sends the jobs of its batch.</summary>
internal sealed class JobRunner(JobRegistry types, JobExecutor executor, BatchDispatch batches, WorkerRecycler recycler, OutageRetry outageRetry)
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
        switch (JobMessage.Read(MessageText.Of(message)))
        {
            case JobMessage.One one:
                await executor.RunAsync([one.Job], HandlerOf(one.Job.Type), runs, stopping);
                break;
            case JobMessage.Several several:
                await executor.RunAsync(several.Jobs, HandlerOf(several.Type), runs, stopping);
                break;
            case JobMessage.Batch batch:
                var type = HandlerOf(batch.Type);
                await outageRetry.ExecuteAsync(() => batches.DispatchAsync(batch, type, stopping), stopping);
                break;
        }

        recycler.RecycleIfNeeded();
    }

    private JobHandler HandlerOf(string name) => types.Find(name) as JobHandler
        ?? throw new FormatException($"The message names the job type '{name}', which this worker doesn't know; known: {string.Join(", ", types.Names)}.");
}
