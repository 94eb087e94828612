using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Execution;

/// <summary>A type whose short jobs share messages, and are run many at a time.</summary>
internal sealed class BatchJobHandler<TInput, TData, TResult>(
    string name, JobOptions options, IBatchJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> json)
    : BufferedJobHandler<TInput, TData, TResult>(name, options, type, json), IBatchJobHandler
{
    public object? Accept(JsonElement input) => Accept(input, type.Parse);

    public Task<IReadOnlyList<object?>> FetchManyAsync(IReadOnlyList<object?> inputs, NpgsqlDataSource database, CancellationToken cancellationToken)
        => PermittedAsync<IReadOnlyList<object?>>(async () =>
        {
            await using var connection = await JobRole.OpenAsync(database, cancellationToken);
            var data = await type.FetchManyAsync([.. inputs.Cast<TInput>()], connection, cancellationToken);
            return data.Count == inputs.Count
                ? [.. data.Cast<object?>()]
                : throw new InvalidOperationException($"The job type '{Name}' was asked for the data of {inputs.Count} jobs and returned {data.Count}.");
        });

    public Computed Compute(object? input, object? data, JobContext context)
    {
        var result = type.Compute((TInput)input!, (TData)data!, context);
        return new ComputedOfSet(Permitted(Made(result, context)))
        {
            Result = new JobResult<TResult>(result, context),
        };
    }

    public Task WriteManyAsync(IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        => PermittedAsync(() => type.WriteManyAsync([.. computed.Select(one => ((ComputedOfSet)one).Result)], transaction, cancellationToken));

    protected override bool Parse(InputReader reader)
    {
        var input = type.Parse(reader);
        return reader.Errors.Count == 0 && type.IsShort(input);
    }

    private sealed record ComputedOfSet : Computed
    {
        public ComputedOfSet(Computed alone)
            : base(alone)
        {
        }

        public required JobResult<TResult> Result { get; init; }
    }
}
