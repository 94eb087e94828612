using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Telemetry;

namespace Slowlane.Execution;

/// <summary>A type that holds the data of one job in memory: the connection is back in the pool before it computes.</summary>
internal class BufferedJobHandler<TInput, TData, TResult>(
    string name, JobOptions options, IJobType<TInput, TData, TResult> type, JsonTypeInfo<TResult> json) : JobHandler(name, options)
{
    protected override async Task<Computed> MakeAsync(JsonElement input, Attempt attempt)
    {
        var parsed = Accept(input, type.Parse);
        var data = await Tracing.StepAsync("fetch", () => FetchAsync(parsed, attempt.Database, attempt.CancellationToken));
        return await attempt.Lane.RunAsync(() => Compute(parsed, data, attempt.Context), attempt.CancellationToken);
    }

    protected override bool Parse(InputReader reader)
    {
        type.Parse(reader);
        return false;
    }

    private async Task<TData> FetchAsync(TInput input, NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        await using var connection = await JobRole.OpenAsync(database, cancellationToken);
        return await type.FetchAsync(input, connection, cancellationToken);
    }

    private Computed Compute(TInput input, TData data, JobContext context)
    {
        var result = type.Compute(input, data, context);
        return Made(result, context);
    }

    protected Computed Made(TResult result, JobContext context)
        => Made(result, json, (transaction, cancellationToken) => type.WriteAsync(result, transaction, context, cancellationToken));
}
