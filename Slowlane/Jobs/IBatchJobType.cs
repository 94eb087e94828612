using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type for short jobs of some milliseconds each. Its jobs share queue messages, so that a job does not cost more in the queue than in
/// its computation. A worker claims, fetches and writes the jobs of a message together.
/// </summary>
/// <remarks>
/// <para>
/// Each job keeps its own status, attempts and outcome. Up to 100 jobs share a message. A job whose input has more than about 4,000 bytes
/// has a message to itself. The jobs of a message share one instance of the type and are computed one after the other on one lane.
/// </para>
/// <para>
/// The worker calls <see cref="FetchManyAsync"/> and <see cref="WriteManyAsync"/>. By default they call the methods for a single job.
/// If a fetch or a write of several jobs fails, the worker rolls it back and repeats it for each job alone, through the same method with a
/// list of one. A faulty job therefore fails alone. Do not change anything outside the transaction that a failure would leave half done.
/// </para>
/// </remarks>
/// <typeparam name="TInput">The caller's input, checked and typed.</typeparam>
/// <typeparam name="TData">The data that is read for one job.</typeparam>
/// <typeparam name="TResult">The result of <see cref="IJobType{TInput, TData, TResult}.Compute"/>.</typeparam>
public interface IBatchJobType<TInput, TData, TResult> : IJobType<TInput, TData, TResult>
{
    /// <summary>
    /// Whether a job is short: at most some ten milliseconds of computing. A job that is not short has a message to itself, because the jobs of
    /// a shared message, up to 100, occupy one lane while other lanes may be idle. Must be pure. By default, every job is short.
    /// </summary>
    static virtual bool IsShort(TInput input) => true;

    /// <summary>
    /// Reads the data for several computations and returns it in the order of the inputs. Override it to read in one round trip. By default it
    /// reads for one job after the other.
    /// </summary>
    async Task<IReadOnlyList<TData>> FetchManyAsync(IReadOnlyList<TInput> inputs, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var data = new List<TData>(inputs.Count);
        foreach (var input in inputs)
        {
            data.Add(await FetchAsync(input, connection, cancellationToken));
        }

        return data;
    }

    /// <summary>
    /// Writes several results. Override it to write in one round trip. By default it writes one result after the other. The same transaction
    /// marks all of these jobs as succeeded.
    /// </summary>
    async Task WriteManyAsync(IReadOnlyList<JobResult<TResult>> results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var (result, context) in results)
        {
            await WriteAsync(result, transaction, context, cancellationToken);
        }
    }
}

/// <summary>The result of one job among several.</summary>
/// <param name="Value">The result.</param>
/// <param name="Context">The context of this job.</param>
public readonly record struct JobResult<TResult>(TResult Value, JobContext Context);
