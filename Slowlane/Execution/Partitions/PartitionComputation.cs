using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.Resilience;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Execution.Partitions;

/// <summary>Reads the input of a job and computes one partition of it on a lane.</summary>
internal sealed class PartitionComputation(JobRegistry types, PartitionLanes lanes, InputBlobs inputs, Database database, IServiceScopeFactory scopes, JobMetrics metrics)
{
    /// <summary>Returns the partition's state.</summary>
    /// <exception cref="PartitionRunLostException">This worker's version can't split jobs of the type, or the snapshot is gone.</exception>
    public async Task<byte[]> ComputeAsync(PartitionInput partition, PartitionWork work, JobContext context)
    {
        var handler = types.Find(work.Type) as JobHandler;
        if (handler is not IPartitionedJobHandler partitioned)
        {
            throw new PartitionRunLostException($"This worker's version can't split jobs of type '{work.Type}'; another's can.");
        }

        await using var scope = scopes.CreateAsyncScope();
        using var lane = await lanes.ReserveAsync(context.CancellationToken);
        var json = work.Blob is null ? JsonElement.Parse(work.Input!) : JsonElement.Parse(await inputs.ReadAsync(work.Blob, context.CancellationToken));
        var (input, meter) = (handler.Accept(json), new ComputeMeter(metrics, work.Type));
        return await lane.RunAsync(() => partitioned.ComputePartition(input, partition, scope.ServiceProvider, database.Jobs, meter, context), context.CancellationToken);
    }
}
