using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slowlane.Jobs;
using Slowlane.Resilience;

namespace Slowlane.Execution.Partitions;

/// <summary>A streaming type whose jobs may be split: whoever holds the job splits and merges, others compute the parts. What isn't split runs as any streaming job.</summary>
internal sealed class PartitionedJobHandler<TInput, TChunk, TResult>(
    string name, JobOptions options, IPartitionedJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> json)
    : StreamingJobHandler<TInput, TChunk, TResult>(name, options, type, json), IPartitionedJobHandler
{
    private readonly IPartitionedJobType<TInput, TChunk, TResult> _type = type;

    public Task<byte[]> RunPartAsync(JsonElement input, string range, string snapshot, Attempt attempt) => PermittedAsync(async () =>
    {
        var parsed = Accept(input, _type.Parse);
        await using var connection = await JobRole.OpenAsync(attempt.Database, attempt.CancellationToken);
        await using var transaction = await Snapshot.EnterAsync(connection, snapshot, attempt.CancellationToken);
        await using var pipe = ChunkPipe<TChunk>.Start(
            cancellationToken => _type.FetchPartAsync(parsed, range, connection, cancellationToken), attempt.CancellationToken);
        return await attempt.Lane.RunAsync(() => _type.ComputePart(parsed, pipe.Read(), attempt.Context), attempt.CancellationToken);
    });

    protected override async Task<Computed> MakeAsync(JsonElement input, Attempt attempt)
    {
        var parsed = Accept(input, _type.Parse);
        return await PartsAsync(parsed, attempt) is { } parts
            ? await attempt.Lane.RunAsync(() => Merged(parsed, parts, attempt.Context), attempt.CancellationToken)
            : await base.MakeAsync(input, attempt);
    }

    /// <summary>What the parts came to; null when the job has none.</summary>
    private async Task<IReadOnlyList<byte[]>?> PartsAsync(TInput input, Attempt attempt)
    {
        if (attempt.FanOut is null || _type.PartitionsOf(input) is not (> 1 and var partitions))
        {
            return null;
        }

        await using var connection = await JobRole.OpenAsync(attempt.Database, attempt.CancellationToken);
        await using var snapshot = await Snapshot.ExportAsync(connection, attempt.CancellationToken);
        var ranges = await _type.SplitAsync(input, partitions, connection, attempt.CancellationToken);
        return ranges.Count > 1 ? await attempt.FanOut.ComputeAsync(ranges, snapshot, attempt.Context) : null;
    }

    private Computed Merged(TInput input, IReadOnlyList<byte[]> parts, JobContext context)
    {
        try
        {
            return Made(_type.Merge(input, parts, context), context) with { OfParts = true };
        }
        catch (InvalidDataException e)
        {
            throw new PartitionRunLostException($"The parts don't merge, some may be another version's: {e.Message}", e);
        }
    }
}
