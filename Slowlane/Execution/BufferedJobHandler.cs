using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>
/// The handler of a type that buffers the data of one job in memory. The connection is back in the pool before the computation
/// starts.
/// </summary>
internal sealed class BufferedJobHandler<TJob, TInput, TData, TResult>(string name, JobOptions? options = null)
    : TypedJobHandler<TJob, TInput, TResult>(name, options)
    where TJob : class, IJobType<TInput, TData, TResult>
{
    protected override Task<IReadOnlyList<Computation>> FetchAsync(TJob type, IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        return Tracing.StepAsync<IReadOnlyList<Computation>>("fetch", async () =>
        {
            var input = inputs.Single();
            await using var connection = await JobRole.OpenAsync(request.Database, request.CancellationToken);
            var data = await type.FetchAsync(input, connection, request.CancellationToken);
            return [context => Made(request.Meter.Measure(() => type.Compute(input, data, context)), context, type)];
        });
    }
}
