using Npgsql;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>The handler of a type whose short jobs share messages and run many at a time.</summary>
internal sealed class BatchJobHandler<TJob, TInput, TData, TResult>(string name, JobOptions? options = null)
    : TypedJobHandler<TJob, TInput, TResult>(name, options)
    where TJob : class, IBatchJobType<TInput, TData, TResult>
{
    public override bool RunsTogether => true;

    protected override bool IsShort(TInput input) => TJob.IsShort(input);

    protected override Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        return Tracing.StepAsync<IReadOnlyList<Computation>>("fetch", async () =>
        {
            await using var connection = await JobRole.OpenAsync(request.Database, request.CancellationToken);
            var data = await type.FetchManyAsync(inputs, connection, request.CancellationToken);
            return data.Count == inputs.Count
                ? [.. inputs.Zip(data, (input, one) => Computation(type, input, one, request.Meter))]
                : throw new InvalidOperationException($"The job type '{Name}' was asked for the data of {inputs.Count} jobs and returned {data.Count}.");
        });
    }

    protected override Task WriteAsync(TJob type, IReadOnlyList<Computed> computed, NpgsqlTransaction transaction, CancellationToken cancellationToken)
        => type.WriteManyAsync([.. computed.Select(one => new JobResult<TResult>((TResult)one.Value!, one.Context))], transaction, cancellationToken);

    private Computation Computation(TJob type, TInput input, TData data, ComputeMeter meter)
        => context => Made(meter.Measure(() => type.Compute(input, data, context)), context, type);
}
