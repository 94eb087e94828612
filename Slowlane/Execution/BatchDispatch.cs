using System.Text.Json;
using Azure;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Hands out the jobs of a batch that its message only names: each goes on its way as if it had been submitted by itself.</summary>
/// <remarks>May be run twice, and is when a worker dies meanwhile: the claims drop what was sent before.</remarks>
internal sealed class BatchDispatch(InputBlobs inputs, JobSender sender)
{
    /// <summary>So many messages are sent at a time: a batch of 5,000 long jobs should not take a minute, nor all of a worker.</summary>
    private const int AtOnce = 8;

    /// <summary>Sends every job of the batch, and then deletes its blob.</summary>
    /// <exception cref="FormatException">It can't be read, or was handed out before.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses; do it again.</exception>
    public async Task DispatchAsync(JobMessage.Batch batch, JobDefinition type, CancellationToken cancellationToken)
    {
        var jobs = Read(await inputs.ReadBatchAsync(batch.Blob, cancellationToken), type);
        await Parallel.ForEachAsync(
            Messages(jobs),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            (message, cancelled) => new ValueTask(message is [var one] && !one.Shares
                ? sender.SendAsync(type, one, cancelled)
                : sender.SendTogetherAsync(type, message, cancelled)));
        await inputs.DeleteAsync(batch.Blob, cancellationToken);
    }

    /// <summary>Which jobs leave together: short ones as many as fit, the others each alone. Pure.</summary>
    internal static IEnumerable<IReadOnlyList<AcceptedJob>> Messages(IReadOnlyCollection<AcceptedJob> jobs)
    {
        var shared = jobs.Where(job => job.Shares).ToList();
        for (int sent = 0, fitting; sent < shared.Count; sent += fitting)
        {
            fitting = SharedMessage.Fitting(shared.Skip(sent));
            yield return shared.GetRange(sent, fitting);
        }

        foreach (var job in jobs.Where(job => !job.Shares))
        {
            yield return [job];
        }
    }

    private static List<AcceptedJob> Read(BinaryData content, JobDefinition type) => JobMessage.Read(content.ToString()) is JobMessage.Several several
        ? [.. several.Jobs.Select(job => Read(job, type))]
        : throw new FormatException("The batch's blob should hold jobs.");

    // Whether it is short is asked anew: by the worker's own version of the type, as a job of that version will run.
    private static AcceptedJob Read(Envelope job, JobDefinition type)
    {
        using var input = JsonDocument.Parse(job.Input!);
        return new AcceptedJob(job.Id, BinaryData.FromString(job.Input!), job.Trace, type.Check(input.RootElement).IsShort);
    }
}
