using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type for data that is too large to hold in memory. The worker fetches the next few chunks while the lane computes earlier ones.
/// </summary>
/// <typeparam name="TInput">The caller's input, checked and typed.</typeparam>
/// <typeparam name="TChunk">One chunk of the data.</typeparam>
/// <typeparam name="TResult">The result of <see cref="Compute"/>. It is written, and returned to the caller as JSON.</typeparam>
public interface IStreamingJobType<TInput, TChunk, TResult> : IJobType<TInput, TResult>
{
    /// <summary>Reads the data chunk by chunk. It is asynchronous and runs at most a few chunks ahead of <see cref="Compute"/>.</summary>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    IAsyncEnumerable<TChunk> FetchAsync(TInput input, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Computes the result on a lane, which is a thread reserved for computing. The lane sleeps while it waits for the next chunk. This
    /// method must not do I/O or use the database.
    /// </summary>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    TResult Compute(TInput input, IEnumerable<TChunk> chunks, JobContext context);
}
