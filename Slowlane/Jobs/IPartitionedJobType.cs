using Npgsql;

namespace Slowlane.Jobs;

/// <summary>A streaming type whose job can be split into parts that are computed by many workers and merged by one.</summary>
/// <remarks>
/// All parts of one attempt are read in one snapshot, which the caller began and shares; this type begins none of its
/// own. What a part came to is bytes, because it is computed in one process and merged in another.
/// </remarks>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TChunk">One piece of the data.</typeparam>
/// <typeparam name="TResult">What <see cref="Merge"/> makes, the same as <see cref="IStreamingJobType{TInput, TChunk, TResult}.Compute"/> would.</typeparam>
public interface IPartitionedJobType<TInput, TChunk, TResult> : IStreamingJobType<TInput, TChunk, TResult>
{
    /// <summary>Into how many parts the caller wants the job split; 1: not at all. Pure.</summary>
    int PartitionsOf(TInput input);

    /// <summary>Splits the data into ranges, in order, at most as many as asked. One or none: it can't be split and runs whole, in the holder.</summary>
    /// <param name="input">What the caller posted.</param>
    /// <param name="partitions">How many ranges at most.</param>
    /// <param name="connection">Inside a transaction that the caller began, in the snapshot that every part is read in.</param>
    /// <param name="cancellationToken">Ends the split.</param>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    Task<IReadOnlyList<string>> SplitAsync(TInput input, int partitions, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Reads one range piece by piece, inside a transaction that the caller began, in the shared snapshot.</summary>
    /// <param name="input">What the caller posted.</param>
    /// <param name="range">One of <see cref="SplitAsync"/>.</param>
    /// <param name="connection">Inside that transaction.</param>
    /// <param name="cancellationToken">Ends the reading; after a rollback the connection is usable.</param>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    IAsyncEnumerable<TChunk> FetchPartAsync(TInput input, string range, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Computes a part on a lane: what <see cref="Merge"/> needs to know of it. No I/O, no database.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    byte[] ComputePart(TInput input, IEnumerable<TChunk> chunks, JobContext context);

    /// <summary>Makes the result of the parts, on a lane. No I/O, no database.</summary>
    /// <param name="input">What the caller posted.</param>
    /// <param name="parts">What <see cref="ComputePart"/> made of each range, in the order of the ranges.</param>
    /// <param name="context">The holder's.</param>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    /// <exception cref="InvalidDataException">A part is of another version or damaged.</exception>
    TResult Merge(TInput input, IReadOnlyList<byte[]> parts, JobContext context);
}
