using Azure;
using Slowlane.Jobs;

namespace Slowlane.Storage;

/// <summary>Puts accepted jobs into messages, each as it goes best: short ones together, a large input into a blob.</summary>
internal sealed class JobSender(JobQueue queue, SubmitBatcher shared, InputBlobs inputs, SubmittedJobRecorder sent, TimeProvider time)
{
    /// <summary>Sends a job. A return means that it is accepted.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task SendAsync(JobDefinition type, AcceptedJob job, CancellationToken cancellationToken)
    {
        string? blob = null;
        if (job.Shares)
        {
            await shared.SendAsync(type.Name, job, cancellationToken);
        }
        else
        {
            blob = await SendAloneAsync(type.Name, job, cancellationToken);
        }

        Note(type, job, blob);
    }

    /// <summary>Sends jobs that fit a message (<see cref="SharedMessage.Fitting"/>) in one: all of them or none.</summary>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses.</exception>
    public async Task SendTogetherAsync(JobDefinition type, IReadOnlyList<AcceptedJob> jobs, CancellationToken cancellationToken)
    {
        await queue.SendAsync(SharedMessage.Of(type.Name, jobs), TimeSpan.Zero, cancellationToken);
        foreach (var job in jobs)
        {
            Note(type, job);
        }
    }

    /// <summary>Has a job that was sent recorded, with its input or the blob that holds it.</summary>
    public void Note(JobDefinition type, AcceptedJob job, string? blob = null)
        => sent.Add(new SentJob(job.Id, type, blob is null ? job.Input : default, blob, job.Trace, time.GetTimestamp()));

    /// <summary>The name of the blob that the input was put into, if it was.</summary>
    private async Task<string?> SendAloneAsync(string type, AcceptedJob job, CancellationToken cancellationToken)
    {
        string? blob = null;
        var message = Envelope.WithInput(job.Id, type, job.Input.Span, job.Trace);
        if (message.ToMemory().Length > Envelope.MaxBytes)
        {
            // Blob first: a message never names an input that isn't there. A blob without a message is only clutter.
            blob = await inputs.StoreAsync(job.Id, new BinaryData(job.Input), cancellationToken);
            message = Envelope.WithBlob(job.Id, type, blob, job.Trace);
        }

        await queue.SendAsync(message, TimeSpan.Zero, cancellationToken);
        return blob;
    }
}
