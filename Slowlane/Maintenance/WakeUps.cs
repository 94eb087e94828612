using Slowlane.Storage;

namespace Slowlane.Maintenance;

/// <summary>Sends the messages that wake workers for jobs. The jobs' rows have everything else.</summary>
internal sealed class WakeUps(JobQueue queue)
{
    /// <summary>How many messages are sent at a time.</summary>
    private const int Sends = 16;

    /// <inheritdoc cref="JobQueue.NextSentAsync"/>
    public Task<DateTimeOffset?> NextSentAsync(CancellationToken cancellationToken) => queue.NextSentAsync(cancellationToken);

    /// <summary>Sends one message for each job. Returns their number.</summary>
    /// <exception cref="Azure.RequestFailedException">The queue can't be reached. The sweep sends the missing messages.</exception>
    public async Task<int> SendAsync(IReadOnlyCollection<JobToEnqueue> jobs, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            jobs,
            new ParallelOptions { MaxDegreeOfParallelism = Sends, CancellationToken = cancellationToken },
            async (job, token) => await queue.WakeAsync(job.Id, job.Type, TimeSpan.Zero, token));
        return jobs.Count;
    }
}
