using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Telemetry;

namespace Slowlane.Tests.Fixtures;

/// <summary>The steps of an attempt by themselves, of one job each.</summary>
internal static class Attempts
{
    /// <summary>Metrics that nobody collects.</summary>
    public static JobMetrics Metrics { get; } = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());

    public static async Task<Claim?> ClaimAsync(this ClaimStore claims, Envelope envelope, JobDefinition type, CancellationToken cancellationToken)
        => (await claims.ClaimAsync([envelope], type, cancellationToken)).Taken.SingleOrDefault();

    /// <summary>Fetches, and computes on a lane.</summary>
    public static async Task<Computed> RunAsync(
        this JobHandler handler, IServiceProvider services, string input, NpgsqlDataSource database, Lane lane, JobContext context, IFanOut? fanOut = null)
    {
        var request = new FetchRequest(services, database, new ComputeMeter(Metrics, handler.Name), fanOut, context.CancellationToken);
        var computations = await handler.FetchAsync([handler.Accept(JsonElement.Parse(input))], request);
        return await lane.RunAsync(() => computations.Single()(context), context.CancellationToken);
    }

    /// <summary>Writes the result of one job.</summary>
    /// <exception cref="LeaseLostException">The lease is no longer its claim's: nothing was written.</exception>
    public static async Task SucceedAsync(
        this ResultStore results, Claim claim, CancellationToken cancellationToken, string json = "{}", Func<NpgsqlTransaction, CancellationToken, Task>? write = null)
    {
        var written = await results.SucceedAsync(
            [(claim, Computed(claim, json))], (_, transaction, token) => write?.Invoke(transaction, token) ?? Task.CompletedTask, cancellationToken);
        if (!written.Contains(claim.Id))
        {
            throw new LeaseLostException();
        }
    }

    public static Computed Computed(Claim claim, string json = "{}", object? type = null) => new(json, Value: null, new JobContext(claim.Id, claim.Type.Name, claim.Attempt, CancellationToken.None), type ?? new object());
}
