using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Sends accepted jobs. Short jobs share a message; a large input goes into a blob.</summary>
internal sealed class JobSender(JobQueue queue, SubmitBatcher batcher, InputBlobs inputs, SubmittedJobRecorder recorder, TimeProvider time)
{
    /// <summary>Sends a job. When the call returns, the job is accepted.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task SendAsync(JobDefinition type, AcceptedJob job, CancellationToken cancellationToken)
    {
        string? blob = null;
        if (job.Shares)
        {
            await batcher.SendAsync(type.Name, job, cancellationToken);
        }
        else
        {
            blob = await SendAloneAsync(type.Name, job, cancellationToken);
        }

        Record(type, job, blob);
    }

    /// <summary>Sends jobs that fit one message (<see cref="SharedMessage.Fitting"/>) together: either all are accepted or none.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task SendTogetherAsync(JobDefinition type, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken)
    {
        await queue.SendAsync(SharedMessage.Of(type.Name, jobs), TimeSpan.Zero, cancellationToken);
        foreach (var job in jobs)
        {
            Record(type, job);
        }
    }

    /// <summary>Hands a sent job to the recorder, with its input or the name of the input's blob.</summary>
    public void Record(JobDefinition type, AcceptedJob job, string? blob = null)
        => recorder.Add(new SubmittedJob(job.Id, type, blob is null ? job.Input : default, blob, job.Trace, time.GetTimestamp()));

    /// <summary>Returns the name of the input's blob, or null if the message carries the input.</summary>
    private async Task<string?> SendAloneAsync(string type, AcceptedJob job, CancellationToken cancellationToken)
    {
        string? blob = null;
        var message = Envelope.WithInput(job.Id, type, job.Input.Span, job.Trace);
        if (message.ToMemory().Length > Envelope.MaxBytes)
        {
            // The blob is written first, so a message never names an input that does not exist. A blob without a message does no harm.
            blob = await inputs.StoreAsync(job.Id, new BinaryData(job.Input), cancellationToken);
            message = Envelope.WithBlob(job.Id, type, blob, job.Trace);
        }

        await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        return blob;
    }
}
