using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;

namespace Slowlane.Tests.Fixtures;

/// <summary>A coalescing type whose steps are a test's own; its jobs are told apart by their notes, and each writes a row that names its own.</summary>
internal sealed class ScriptedSetJob : IBatchJobType<string, string, SpinResult>
{
    /// <summary>The notes of the computations that were begun, in turn.</summary>
    public ConcurrentQueue<string> Turns { get; } = [];

    /// <summary>How many jobs each fetch was for.</summary>
    public ConcurrentQueue<int> Fetches { get; } = [];

    /// <summary>How many jobs each write was for.</summary>
    public ConcurrentQueue<int> Writes { get; } = [];

    /// <summary>Runs whenever an input is read, for whoever sets it and what it calls: once the jobs of a message are claimed, and before anything is fetched for them.</summary>
    public static AsyncLocal<Action?> Reading { get; } = new();

    /// <summary>Runs before each fetch, with the notes it is for.</summary>
    public Action<IReadOnlyList<string>> Fetch { get; set; } = _ => { };

    public Action<string, JobContext> Compute { get; set; } = (_, _) => { };

    /// <summary>Runs before each write, with the notes it is for.</summary>
    public Action<IReadOnlyList<string>> Write { get; set; } = _ => { };

    public void Register(IServiceCollection services, JobOptions? options = null)
        => services.AddSingleton(this).AddJob<ScriptedSetJob>("scripted", options);

    public static string Parse(InputReader reader)
    {
        Reading.Value?.Invoke();
        return reader.GetString("note", maxLength: 100) ?? "";
    }

    public async Task<string> FetchAsync(string input, NpgsqlConnection connection, CancellationToken cancellationToken)
        => (await FetchManyAsync([input], connection, cancellationToken))[0];

    public Task<IReadOnlyList<string>> FetchManyAsync(IReadOnlyList<string> inputs, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        Fetches.Enqueue(inputs.Count);
        Fetch(inputs);
        return Task.FromResult(inputs);
    }

    SpinResult IJobType<string, string, SpinResult>.Compute(string input, string data, JobContext context)
    {
        Xunit.Assert.Equal(input, data);
        Turns.Enqueue(input);
        Compute(input, context);
        return new SpinResult(input, 0, 0, "");
    }

    public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
        => WriteManyAsync([new JobResult<SpinResult>(result, context)], transaction, cancellationToken);

    public async Task WriteManyAsync(IReadOnlyList<JobResult<SpinResult>> results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        Writes.Enqueue(results.Count);
        Write([.. results.Select(result => result.Value.Batch)]);
        await new SpinJob().WriteManyAsync(results, transaction, cancellationToken);
    }
}
