using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Sends a batch with one message: either all its jobs are accepted or none.</summary>
internal sealed class BatchSender(JobSender sender, JobQueue queue, InputBlobs inputs)
{
    /// <summary>Sends the jobs. When the call returns, all of them are accepted.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="seed">The id that the jobs' ids are derived from.</param>
    /// <param name="jobs">The jobs, at least one.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent all the same.</param>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task SendAsync(JobDefinition type, JobId seed, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken) => jobs switch
    {
        [var one] => sender.SendAsync(type, one, cancellationToken),
        _ when jobs.All(job => job.Shares) && SharedMessage.Fitting(jobs) == jobs.Count => sender.SendTogetherAsync(type, jobs, cancellationToken),
        _ => SendInBlobAsync(type, seed, jobs, cancellationToken),
    };

    // A worker sends the jobs of the blob on (BatchDispatch). Until then the sweep can send each job by its recorded row.
    private async Task SendInBlobAsync(JobDefinition type, JobId seed, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken)
    {
        var blob = await inputs.StoreBatchAsync(seed, SharedMessage.Write(type.Name, jobs), cancellationToken);
        await queue.SendAsync(SharedMessage.OfBatch(type.Name, blob), TimeSpan.Zero, cancellationToken);
        foreach (var job in jobs)
        {
            sender.Record(type, job);
        }
    }
}
