using Npgsql;

namespace Slowlane.Jobs;

/// <summary>A job type in three steps: it fetches what the computation needs, computes, and writes the result.</summary>
/// <remarks>
/// <para>
/// <c>services.AddJob&lt;InvoiceJob&gt;("invoice")</c> registers a type. Each attempt gets its own instance from its own service scope. The
/// constructor can take any service of the app. The scope disposes of the instance when the attempt ends.
/// </para>
/// <para>
/// A job succeeds when <see cref="IJobType{TInput, TResult}.WriteAsync"/> returns and its transaction commits. A <see cref="JobException"/> fails
/// the job at once with a reason that the caller reads. If the exception has <see cref="JobException.IsTransient"/> set, or is of any other type,
/// the job is tried again until <see cref="JobOptions.MaxAttempts"/> are used. An outage of the database or of storage does not
/// use up an attempt, ten times for a job. A job reports how far it is with <see cref="JobContext.ReportProgress"/>.
/// </para>
/// </remarks>
/// <typeparam name="TInput">The caller's input, checked and typed.</typeparam>
/// <typeparam name="TData">The data that <see cref="FetchAsync"/> reads for one job.</typeparam>
/// <typeparam name="TResult">The result of <see cref="Compute"/>. It is written, and returned to the caller as JSON.</typeparam>
public interface IJobType<TInput, TData, TResult> : IJobType<TInput, TResult>
{
    /// <summary>Reads what the computation needs. It is asynchronous and must not do heavy work.</summary>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    Task<TData> FetchAsync(TInput input, NpgsqlConnection connection, CancellationToken cancellationToken);

    /// <summary>
    /// Computes the result on a lane, which is a thread reserved for computing. This method must not do I/O or use the database, and should
    /// check <see cref="JobContext.CancellationToken"/>.
    /// </summary>
    /// <exception cref="JobException">Fails the job with a reason. It is not tried again unless <see cref="JobException.IsTransient"/> is set.</exception>
    TResult Compute(TInput input, TData data, JobContext context);
}
