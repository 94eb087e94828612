using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type: fetch what the computation needs, compute, write the result. One instance serves every job of the
/// type, so it holds no state of its own.
/// </summary>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TData">What <see cref="FetchAsync"/> reads for one job.</typeparam>
/// <typeparam name="TResult">What <see cref="Compute"/> makes; it is written, and returned as JSON.</typeparam>
public interface IJobType<TInput, TData, TResult>
{
    /// <summary>Reads the posted JSON. Pure; runs at submit and again in the worker. Faults go to <paramref name="reader"/>, every one of them.</summary>
    TInput Parse(InputReader reader);

    /// <summary>Reads what the computation needs. Asynchronous; no heavy work.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    Task<TData> FetchAsync(TInput input, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>Computes on a lane, a thread of its own. No I/O, no database; checks <see cref="JobContext.CancellationToken"/>.</summary>
    /// <exception cref="JobException">The job can't succeed, however often it is tried.</exception>
    TResult Compute(TInput input, TData data, JobContext context);

    /// <summary>Writes the result. The same transaction marks the job succeeded, so both happen once or neither.</summary>
    Task WriteAsync(TResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken);
}
