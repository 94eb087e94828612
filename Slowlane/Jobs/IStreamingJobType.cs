using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type whose data is too large to hold: chunks are fetched while earlier ones are computed, a few at a time.
/// </summary>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TChunk">One piece of the data.</typeparam>
/// <typeparam name="TResult">What <see cref="Compute"/> makes; it is written, and returned as JSON.</typeparam>
public interface IStreamingJobType<TInput, TChunk, TResult>
{
    /// <inheritdoc cref="IJobType{TInput, TData, TResult}.Options"/>
    static virtual JobOptions Options => new();

    /// <inheritdoc cref="IJobType{TInput, TData, TResult}.ResultJson"/>
    static virtual JsonTypeInfo<TResult> ResultJson => (JsonTypeInfo<TResult>)JsonSerializerOptions.Web.GetTypeInfo(typeof(TResult));

    /// <inheritdoc cref="IJobType{TInput, TData, TResult}.Parse"/>
    static abstract TInput Parse(InputReader reader);

    /// <summary>Reads the data piece by piece. Asynchronous; runs ahead of <see cref="Compute"/> by a few chunks at most.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    IAsyncEnumerable<TChunk> FetchAsync(TInput input, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Computes on a lane, a thread of its own, which sleeps while the next chunk is awaited. No I/O, no database.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    TResult Compute(TInput input, IEnumerable<TChunk> chunks, JobContext context);

    /// <inheritdoc cref="IJobType{TInput, TData, TResult}.WriteAsync"/>
    Task WriteAsync(TResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken);
}
