using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>A type whose data streams: fetch and compute run side by side, with a few chunks between them.</summary>
internal class StreamingJobHandler<TInput, TChunk, TResult>(
    string name, JobOptions options, IStreamingJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> json) : JobHandler(name, options)
{
    protected override async Task<Computed> MakeAsync(JsonElement input, Attempt attempt)
    {
        var parsed = Accept(input, type.Parse);
        await using var connection = await JobRole.OpenAsync(attempt.Database, attempt.CancellationToken);
        await using var pipe = ChunkPipe<TChunk>.Start(
            cancellationToken => type.FetchAsync(parsed, connection, cancellationToken), attempt.CancellationToken);
        return await attempt.Lane.RunAsync(() => Made(type.Compute(parsed, pipe.Read(), attempt.Context), attempt.Context), attempt.CancellationToken);
    }

    protected override bool Parse(InputReader reader)
    {
        type.Parse(reader);
        return false;
    }

    protected Computed Made(TResult result, JobContext context)
        => Made(result, json, (transaction, cancellationToken) => type.WriteAsync(result, transaction, context, cancellationToken));
}
