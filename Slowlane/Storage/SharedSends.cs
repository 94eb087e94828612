using System.Collections.Concurrent;
using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>
/// Sends short jobs: what is submitted while a message of the type is on its way leaves with the next one, in the order it
/// came. Nobody waits for company: where no message is on its way, a job leaves at once.
/// </summary>
/// <remarks>
/// One message of a type is on its way at a time. Two or four at a time carry the same jobs in more messages: 64 callers were
/// served no sooner by them (Azurite; 5 to 10 ms either way), at half as much and twice as much processor time a job, and a
/// worker has more messages to receive. What waits here are small jobs of requests that wait for their answer: who hangs up
/// takes his job back. Where storage doesn't answer one message, what waits behind it is not tried, but fails with it.
/// </remarks>
internal sealed class SharedSends(JobQueue queue)
{
    private readonly ConcurrentDictionary<string, SendsOfType> _types = new(StringComparer.Ordinal);

    /// <summary>Sends a job that <see cref="AcceptedJob.Shares"/>; ends as the message does that it is in.</summary>
    /// <param name="type">The job's type.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Takes the job back, unless its message is on its way: then that is waited for.</param>
    /// <exception cref="RequestFailedException">The queue can't be reached, or refuses.</exception>
    public Task SendAsync(string type, AcceptedJob job, CancellationToken cancellationToken)
        => _types.GetOrAdd(type, static (type, queue) => new SendsOfType(type, queue), queue).SendAsync(job, cancellationToken);
}
