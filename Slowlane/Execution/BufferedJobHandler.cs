using System.Text.Json.Serialization.Metadata;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>A type that holds the data of one job in memory: the connection is back in the pool before it computes.</summary>
internal sealed class BufferedJobHandler<TInput, TData, TResult>(string name, JobOptions options, IJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> json)
    : TypedJobHandler<TInput, TResult>(name, options, type.Parse, type.WriteAsync, json)
{
    protected override Task<IReadOnlyList<Computation>> FetchAsync(IReadOnlyList<TInput> inputs, FetchRequest request)
    {
        return Tracing.StepAsync<IReadOnlyList<Computation>>("fetch", async () =>
        {
            var input = inputs.Single();
            await using var connection = await JobRole.OpenAsync(request.Database, request.CancellationToken);
            var data = await type.FetchAsync(input, connection, request.CancellationToken);
            return [context => Made(request.Meter.Measure(() => type.Compute(input, data, context)), context)];
        });
    }
}
