using System.Text.Json;
using Microsoft.Extensions.Logging;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution.Partitions;

/// <summary>Computes one part of a job that another worker holds, in that one's snapshot, and saves what it came to.</summary>
internal sealed partial class PartitionRunner(
    JobRegistry types,
    PartitionLanes lanes,
    PartitionStore parts,
    InputBlobs inputs,
    WorkerRecycler recycler,
    OutageRetry outageRetry,
    Database database,
    TimeProvider time,
    JobMetrics metrics,
    ILogger<PartitionRunner> log)
{
    /// <summary>Runs a part to its end. What it throws is an outage or the process's stop: the part is tried again, here or elsewhere.</summary>
    public async Task<PartitionResult> RunAsync(PartitionInput order, CancellationToken stopping)
    {
        var job = JobId.TryParse(order.Job, out var id) ? id : throw new FormatException($"'{order.Job}' is not a job id.");
        var work = await outageRetry.ExecuteAsync(() => parts.FindAsync(job, order.Fence, order.Part, stopping), stopping);
        if (work is null or { IsDone: true })
        {
            return work is null ? PartitionResult.Idle : PartitionResult.Done;
        }

        using var scope = log.BeginScope(new AttemptScope(job, work.Type, work.Attempt));
        using var span = AttemptSpan.StartPartition(order, work);
        await using var watch = PartitionWatch.Start(parts, job, order.Fence, time, log, stopping);
        try
        {
            var state = await ComputeAsync(order, new JobContext(job, work.Type, work.Attempt, watch.Token), work);
            return await outageRetry.ExecuteAsync(() => parts.SaveAsync(job, order.Fence, order.Part, state, watch.Token), watch.Token) ? PartitionResult.Done : PartitionResult.Idle;
        }
#pragma warning disable CA1031 // Whatever went wrong is this part's end, decided below.
        catch (Exception e) when (span.Failed(e) || EndOf(e, watch.IsOver, stopping.IsCancellationRequested) is not null)
#pragma warning restore CA1031
        {
            return Told(EndOf(e, watch.IsOver, stopping.IsCancellationRequested)!, job, work.Type, order.Part, e);
        }
        finally
        {
            recycler.RecycleIfNeeded();
        }
    }

    /// <summary>How a part ends that threw; null when it should be tried again. Pure.</summary>
    internal static PartitionResult? EndOf(Exception failure, bool over, bool stopping) => failure switch
    {
        _ when over => PartitionResult.Idle,
        JobException reason => PartitionResult.Refused(reason),
        _ when stopping || Outage.Is(failure) => null,
        _ => PartitionResult.Failed(failure),
    };

    private async Task<byte[]> ComputeAsync(PartitionInput order, JobContext context, PartitionWork work)
    {
        var type = types.Find(work.Type) as IPartitionedJobHandler
            ?? throw new PartitionRunLostException($"This worker's version can't split jobs of type '{work.Type}'; another's can.");
        using var lane = await lanes.ReserveAsync(context.CancellationToken);
        lane.Computed = (duration, cpu) => metrics.Computed(work.Type, duration, cpu);
        return await lane.HoldAsync(FetchAndComputeAsync(type, order, new Attempt(database.Source, lane, context), work), context.CancellationToken);
    }

    private async Task<byte[]> FetchAndComputeAsync(IPartitionedJobHandler type, PartitionInput order, Attempt attempt, PartitionWork work)
    {
        var json = work.Blob is null
            ? BinaryData.FromString(work.Input!)
            : await inputs.ReadAsync(work.Blob, attempt.CancellationToken);
        using var input = JsonDocument.Parse(json);
        return await type.RunPartAsync(input.RootElement, order.Range, order.Snapshot, attempt);
    }

    // What a type says of itself is told once, by the holder.
    private PartitionResult Told(PartitionResult end, JobId job, string type, int part, Exception failure)
    {
        if (end.Kind == PartitionResultKind.Failed)
        {
            PartFailed(log, job, type, part, failure);
        }
        else if (end.Kind == PartitionResultKind.Idle)
        {
            Ended(log, job, type, part);
        }

        return end;
    }

    [LoggerMessage(LogLevel.Warning, "Job {JobId} ({Type}): part {Part} did not end well")]
    private static partial void PartFailed(ILogger log, JobId jobId, string type, int part, Exception failure);

    [LoggerMessage(LogLevel.Information, "Job {JobId} ({Type}): part {Part} stopped, its attempt is over")]
    private static partial void Ended(ILogger log, JobId jobId, string type, int part);
}
