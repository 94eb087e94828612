using Npgsql;

namespace Slowlane.Jobs;

/// <summary>A streaming job type whose job can be split into partitions. Several workers compute the partitions, and one worker merges them.</summary>
/// <remarks>
/// All partitions of an attempt are read in one snapshot. Slowlane begins and shares it, so the type must not begin a snapshot of its own.
/// The state of a partition is bytes, because one process computes it and another merges it.
/// </remarks>
/// <typeparam name="TInput">The caller's input, checked and typed.</typeparam>
/// <typeparam name="TChunk">One chunk of the data.</typeparam>
/// <typeparam name="TResult">
/// The result of <see cref="Merge"/>. It must equal the result that <see cref="IStreamingJobType{TInput, TChunk, TResult}.Compute"/> would return.
/// </typeparam>
public interface IPartitionedJobType<TInput, TChunk, TResult> : IStreamingJobType<TInput, TChunk, TResult>
{
    /// <summary>The number of partitions that the caller requested. With 1, the job is not split. Must be pure.</summary>
    int PartitionsOf(TInput input);

    /// <summary>
    /// Splits the data into ranges, in order, at most <paramref name="partitions"/> of them. If it returns one range or none, the data can't be
    /// split and the coordinator computes the whole job.
    /// </summary>
    /// <param name="input">The caller's input.</param>
    /// <param name="partitions">The maximum number of ranges.</param>
    /// <param name="connection">A connection inside a transaction that Slowlane began, in the snapshot that every partition is read in.</param>
    /// <param name="cancellationToken">Cancels the split.</param>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    Task<IReadOnlyList<string>> SplitAsync(TInput input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Reads one range chunk by chunk, inside a transaction that Slowlane began, in the shared snapshot.</summary>
    /// <param name="input">The caller's input.</param>
    /// <param name="range">One of the ranges that <see cref="SplitAsync"/> returned.</param>
    /// <param name="connection">A connection inside that transaction.</param>
    /// <param name="cancellationToken">Cancels the read. After a rollback the connection is usable again.</param>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    IAsyncEnumerable<TChunk> FetchPartitionAsync(TInput input, string range, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Computes the state of a partition on a lane: everything <see cref="Merge"/> needs from it. It must not do I/O or use the database.</summary>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    byte[] ComputePartition(TInput input, IEnumerable<TChunk> chunks, JobContext context);

    /// <summary>Merges the states of the partitions into the result, on a lane. It must not do I/O or use the database.</summary>
    /// <param name="input">The caller's input.</param>
    /// <param name="states">The states that <see cref="ComputePartition"/> returned, in the order of the ranges.</param>
    /// <param name="context">The context of the job in the coordinator.</param>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    /// <exception cref="InvalidDataException">A state has another version or is damaged.</exception>
    TResult Merge(TInput input, IReadOnlyList<byte[]> states, JobContext context);
}
