using Npgsql;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>
/// The handler of a streaming type whose jobs may be split. The worker that has claimed the job splits and merges; other workers
/// compute the partitions. A job that is not split runs as any streaming job.
/// </summary>
internal sealed class PartitionedJobHandler<TJob, TInput, TChunk, TResult>(string name, JobOptions? options = null)
    : StreamingJobHandler<TJob, TInput, TChunk, TResult>(name, options), IPartitionedJobHandler
    where TJob : class, IPartitionedJobType<TInput, TChunk, TResult>
{
    public byte[] ComputePartition(object? input, PartitionInput partition, IServiceProvider services, NpgsqlDataSource database, ComputeMeter meter, JobContext context) => Explain(() =>
    {
        // The lane's thread may block, as for any streaming job.
        var (parsed, type) = ((TInput)input!, TypeFrom(services));
        using var connection = JobRole.OpenAsync(database, context.CancellationToken).GetAwaiter().GetResult();
        using var transaction = Enter(connection, partition.Snapshot, context.CancellationToken);
        using var pipe = ChunkPipe<TChunk>.Start(
            cancellationToken => type.FetchPartitionAsync(parsed, partition.Range, connection, cancellationToken), context.CancellationToken);
        return meter.Measure(() => type.ComputePartition(parsed, pipe.Read(), context));
    }, database);

    private static NpgsqlTransaction Enter(NpgsqlConnection connection, string snapshot, CancellationToken cancellationToken)
        => Snapshot.EnterAsync(connection, snapshot, cancellationToken).GetAwaiter().GetResult();

    protected override async Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        var input = inputs.Single();
        return await StatesAsync(type, input, request) is { } states
            ? [context => Merged(type, input, states, request.Meter, context)]
            : await base.FetchAsync(type, inputs, request);
    }

    /// <summary>Returns the partitions' states; null if the job is not split.</summary>
    private static async Task<IReadOnlyList<byte[]>?> StatesAsync(TJob type, TInput input, FetchRequest request)
    {
        if (request.FanOut is null || type.PartitionsOf(input) is not (> 1 and var partitions))
        {
            return null;
        }

        await using var connection = await JobRole.OpenAsync(request.Database, request.CancellationToken);
        await using var snapshot = await Snapshot.ExportAsync(connection, request.CancellationToken);
        var ranges = await type.SplitAsync(input, partitions, connection, request.CancellationToken);
        return ranges.Count > 1 ? await request.FanOut.ComputeAsync(ranges, snapshot) : null;
    }

    private Computed Merged(TJob type, TInput input, IReadOnlyList<byte[]> states, ComputeMeter meter, JobContext context)
    {
        try
        {
            return Made(meter.Measure(() => type.Merge(input, states, context)), context, type) with { Partitioned = true };
        }
        catch (InvalidDataException e)
        {
            throw new PartitionRunLostException($"The parts don't merge, some may be another version's: {e.Message}", e);
        }
    }
}
