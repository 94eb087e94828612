using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type whose jobs are short, some milliseconds each: so that they don't pay more for the queue than for their work,
/// they share messages, and a worker claims, fetches and writes many at a time.
/// </summary>
/// <remarks>
/// Each job keeps its own status, attempts and outcome. Up to a hundred jobs share a message; a job whose input has more than
/// about 4,000 bytes goes alone. The jobs of a message are computed one after the other on one lane. Where a fetch or a write
/// of several fails, it is rolled back and made for each job by itself, by the same call with one: one job's fault is only its
/// own. Keep nothing outside the transaction that a failure would leave half done. The jobs of a message have one instance. <see cref="FetchManyAsync"/> and
/// <see cref="WriteManyAsync"/> are what is called; by default they call the methods for one.
/// </remarks>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TData">What is read for one job.</typeparam>
/// <typeparam name="TResult">What <see cref="IJobType{TInput, TData, TResult}.Compute"/> makes.</typeparam>
public interface IBatchJobType<TInput, TData, TResult> : IJobType<TInput, TData, TResult>
{
    /// <summary>
    /// Whether a job is short: some ten milliseconds of computing at most. A hundred of them hold one lane, while
    /// other lanes may be idle. A job that isn't short has a message to itself. Pure. Every job by default.
    /// </summary>
    static virtual bool IsShort(TInput input) => true;

    /// <summary>Reads what the computations need, in the order of the inputs: in one round trip if it can, one after the other by default.</summary>
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
    /// Writes the results: in one round trip if it can, one after the other by default. The same transaction marks all
    /// these jobs succeeded.
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

/// <summary>What one of several jobs came to.</summary>
/// <param name="Value">Its result.</param>
/// <param name="Context">The job's own.</param>
public readonly record struct JobResult<TResult>(TResult Value, JobContext Context);
