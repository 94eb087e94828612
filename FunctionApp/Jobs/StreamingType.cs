using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Running;

namespace Slowlane.Jobs;

/// <summary>A type whose data streams: fetch and compute run side by side, with a few chunks between them.</summary>
internal sealed class StreamingType<TInput, TChunk, TResult>(
    string name, JobOptions options, IStreamingJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> json) : RegisteredType(name, options)
{
    protected override async Task<Computed> MakeAsync(JsonElement input, NpgsqlDataSource database, Lane lane, JobContext context)
    {
        var parsed = Accept(input, type.Parse);
        await using var connection = await JobRole.OpenAsync(database, context.CancellationToken);
        await using var pipe = ChunkPipe<TChunk>.Start(
            cancellationToken => type.FetchAsync(parsed, connection, cancellationToken), context.CancellationToken);
        return await lane.RunAsync(() => Compute(parsed, pipe.Read(), context), context.CancellationToken);
    }

    protected override void Parse(InputReader reader) => type.Parse(reader);

    private Computed Compute(TInput input, IEnumerable<TChunk> chunks, JobContext context)
    {
        var result = type.Compute(input, chunks, context);
        return Made(result, json, (transaction, cancellationToken) => type.WriteAsync(result, transaction, context, cancellationToken));
    }
}
