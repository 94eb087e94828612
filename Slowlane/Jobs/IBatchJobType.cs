using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// A job type whose jobs are short, some milliseconds each: so that they don't pay more for the queue than for their work,
/// they share messages, and a worker claims, fetches and writes many at a time.
/// </summary>
/// <remarks>
/// Each job keeps its own status, attempts and outcome. Up to a hundred jobs share a message, those whose input has more than
/// about 4,000 bytes go alone. A set's jobs are computed one after the other on one lane, each with a token and a time limit of
/// its own; the fetch of all and the write of all have the type's limit once. Where one of these fails, its work is undone
/// (a rollback) and each job is tried by itself, so that one job's fault is only its own: keep nothing else that a failure
/// would leave half done.
/// </remarks>
/// <typeparam name="TInput">What the caller posted, checked and typed.</typeparam>
/// <typeparam name="TData">What is read for one job.</typeparam>
/// <typeparam name="TResult">What <see cref="IJobType{TInput, TData, TResult}.Compute"/> makes.</typeparam>
public interface IBatchJobType<TInput, TData, TResult> : IJobType<TInput, TData, TResult>
{
    /// <summary>
    /// Whether a job is short: some ten milliseconds of computing at most. A hundred of them hold a lane that long each, while
    /// other lanes may be idle. One that isn't goes by itself, like the jobs of any other type. Pure. Every job by default.
    /// </summary>
    bool IsShort(TInput input) => true;

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
