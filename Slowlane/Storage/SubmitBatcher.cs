using System.Collections.Concurrent;
using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>
/// Sends short jobs. While a message of the type is in flight, jobs are collected for the next message, in the order of their
/// submits. If no message is in flight, the job is sent immediately.
/// </summary>
/// <remarks>
/// A type has one message in flight. Two or four carry the same jobs in more messages: 64 callers were served no sooner by
/// them (Azurite; 5 to 10 ms either way), at half as much and twice as much processor time a job, and a worker has more
/// messages to receive. A caller that disconnects removes its job unless it is already being sent. If storage does not answer
/// a message, the jobs that wait behind it fail with it and are not tried.
/// </remarks>
internal sealed class SubmitBatcher(JobQueue queue)
{
    private readonly ConcurrentDictionary<string, TypeBatcher> _types = new(StringComparer.Ordinal);

    /// <summary>Sends a job that <see cref="AcceptedJob.Shares"/>. The task ends as the job's message does.</summary>
    /// <param name="type">The job's type.</param>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Removes the job, unless its message is in flight: then the task ends with that message.</param>
    /// <exception cref="RequestFailedException">The queue can't be reached, or refuses.</exception>
    public Task SendAsync(string type, AcceptedJob job, CancellationToken cancellationToken)
        => _types.GetOrAdd(type, static (type, queue) => new TypeBatcher(type, queue), queue).SendAsync(job, cancellationToken);
}
