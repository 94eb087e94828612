using System.Text.Json.Serialization.Metadata;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>A type whose data streams: the lane's thread computes what a connection of its own reads meanwhile, with a few chunks between them.</summary>
internal class StreamingJobHandler<TInput, TChunk, TResult>(string name, JobOptions options, IStreamingJobType<TInput, TChunk, TResult> type, JsonTypeInfo<TResult> json)
    : TypedJobHandler<TInput, TResult>(name, options, type.Parse, type.WriteAsync, json)
{
    protected override Task<IReadOnlyList<Computation>> FetchAsync(IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        var input = inputs.Single();
        return Task.FromResult<IReadOnlyList<Computation>>([context => Stream(input, request, context)]);
    }

    // The lane's thread may sleep: for the connection, for each chunk, and until the fetch has let go of the connection.
    private Computed Stream(TInput input, FetchRequest request, JobContext context)
    {
        using var connection = JobRole.OpenAsync(request.Database, context.CancellationToken).GetAwaiter().GetResult();
        using var pipe = ChunkPipe<TChunk>.Start(cancellationToken => type.FetchAsync(input, connection, cancellationToken), context.CancellationToken);
        return Made(request.Meter.Measure(() => type.Compute(input, pipe.Read(), context)), context);
    }
}
