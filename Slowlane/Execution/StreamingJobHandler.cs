using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>
/// The handler of a type whose data streams. The lane's thread computes while a connection of its own reads, with a few chunks
/// between them.
/// </summary>
internal class StreamingJobHandler<TJob, TInput, TChunk, TResult>(string name, JobOptions? options = null)
    : TypedJobHandler<TJob, TInput, TResult>(name, options)
    where TJob : class, IStreamingJobType<TInput, TChunk, TResult>
{
    protected override Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        var input = inputs.Single();
        return Task.FromResult<IReadOnlyList<Computation>>([context => Stream(type, input, request, context)]);
    }

    // The lane's thread may block: for the connection, for each chunk, and until the fetch no longer uses the connection.
    private Computed Stream(TJob type, TInput input, FetchRequest request, JobContext context)
    {
        using var connection = JobRole.OpenAsync(request.Database, context.CancellationToken).GetAwaiter().GetResult();
        using var pipe = ChunkPipe<TChunk>.Start(cancellationToken => type.FetchAsync(input, connection, cancellationToken), context.CancellationToken);
        return Made(request.Meter.Measure(() => type.Compute(input, pipe.Read(), context)), context, type);
    }
}
