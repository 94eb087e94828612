using System.Text.Json;
using Azure;
using Slowlane.Jobs;
using Slowlane.Storage;

namespace Slowlane.Execution;

/// <summary>Sends the jobs of a batch that its message only names. Each job is sent as if it had been submitted by itself.</summary>
/// <remarks>A batch is dispatched twice if a worker dies meanwhile. The claims drop the jobs that were sent before.</remarks>
internal sealed class BatchDispatch(InputBlobs inputs, JobSender sender)
{
    /// <summary>
    /// How many messages are sent at a time. A batch of 5,000 long jobs should not take a minute, and should not occupy the whole
    /// worker.
    /// </summary>
    private const int AtOnce = 8;

    /// <summary>Sends every job of the batch, then deletes its blob.</summary>
    /// <exception cref="FormatException">The batch can't be read, or was dispatched before.</exception>
    /// <exception cref="RequestFailedException">Storage can't be reached, or refuses. The caller dispatches the batch again.</exception>
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

    /// <summary>Groups the jobs into messages: as many short jobs as fit, and each other job alone. Pure.</summary>
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

    // This worker's version of the type decides again whether the job is short, because that version will run it.
    private static AcceptedJob Read(Envelope job, JobDefinition type)
    {
        return new AcceptedJob(job.Id, BinaryData.FromString(job.Input!), job.Trace, IsShort(type, job.Input!));
    }

    private static bool IsShort(JobDefinition type, string input)
    {
        try
        {
            return type.Check(JsonElement.Parse(input)).IsShort;
        }
#pragma warning disable CA1031 // A version of the type that can't read the input fails that job's attempt, and no other job of the batch.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
