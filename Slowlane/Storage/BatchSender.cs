using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Sends a batch with one message, so that all its jobs are accepted or none.</summary>
internal sealed class BatchSender(JobSender sender, JobQueue queue, InputBlobs inputs)
{
    /// <summary>Sends the jobs. A return means that all are accepted.</summary>
    /// <param name="type">Their type.</param>
    /// <param name="seed">What their ids were derived of.</param>
    /// <param name="jobs">The jobs, one at least.</param>
    /// <param name="cancellationToken">Ends the wait; the message may have been sent all the same.</param>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public Task SendAsync(JobDefinition type, JobId seed, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken) => jobs switch
    {
        [var one] => sender.SendAsync(type, one, cancellationToken),
        _ when jobs.All(job => job.Shares) && SharedMessage.Fitting(jobs) == jobs.Count => sender.SendTogetherAsync(type, jobs, cancellationToken),
        _ => SendInBlobAsync(type, seed, jobs, cancellationToken),
    };

    // A worker hands them out (BatchDispatch). Until it has, each job's record is what the sweep would send it by.
    private async Task SendInBlobAsync(JobDefinition type, JobId seed, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken)
    {
        var blob = await inputs.StoreBatchAsync(seed, SharedMessage.Write(type.Name, jobs), cancellationToken);
        await queue.SendAsync(SharedMessage.OfBatch(type.Name, blob), TimeSpan.Zero, cancellationToken);
        foreach (var job in jobs)
        {
            sender.Note(type, job);
        }
    }
}
