using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution;

/// <summary>Runs what a message asks for: the jobs that it carries, or the sending of a batch's.</summary>
internal sealed class JobRunner(JobRegistry types, JobExecutor executor, BatchDispatch batches, WorkerRecycler recycler, OutageRetry outageRetry)
{
    /// <summary>Runs a message to its end. A return means: the message has done its work and can be deleted.</summary>
    /// <param name="message">As it came.</param>
    /// <param name="runs">Where the partitions of a job are run that is split.</param>
    /// <param name="stopping">Fires when the process stops.</param>
    /// <exception cref="FormatException">The message is no job of this app; after a few deliveries the host puts it aside as poison.</exception>
    /// <exception cref="OperationCanceledException">The process is stopping before the job could be claimed or released.</exception>
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
