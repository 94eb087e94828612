using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Samples.Spin;

/// <summary>What to burn, and how the written row is told from others.</summary>
/// <param name="Id">The row of table <c>profile</c> to fetch.</param>
/// <param name="Batch">Names a run of many jobs.</param>
/// <param name="Job">The job's number in its batch.</param>
/// <param name="SpinMs">Thread CPU time to burn, in milliseconds.</param>
public sealed record SpinInput(int Id, string Batch, int Job, double SpinMs);

/// <summary>The row that was written.</summary>
public sealed record SpinResult(string Batch, int Job, int ProfileId, string Value);

/// <summary>Stands in for <em>some long computation</em>: reads one row, burns CPU time, writes one row that can be counted.</summary>
public sealed class SpinJob : IBatchJobType<SpinInput, string, SpinResult>
{
    /// <summary>Milliseconds: what takes longer has a message to itself.</summary>
    private const double MaxShortMilliseconds = 10;

    /// <summary>How <c>spin</c> jobs are run.</summary>
    public static JobOptions Options { get; } = new() { TypicalDuration = TimeSpan.FromSeconds(1) };

    /// <inheritdoc/>
    public static JsonTypeInfo<SpinResult> ResultJson => SpinJson.Default.SpinResult;

    /// <inheritdoc/>
    public static SpinInput Parse(InputReader reader) => new(
        reader.GetInt32("id", 1, 1000, fallback: 1, required: true),
        reader.GetString("batch", maxLength: 200) ?? "",
        reader.GetInt32("job", int.MinValue, int.MaxValue, fallback: 0),
        reader.GetDouble("spin_ms", 0, 3_600_000, fallback: 500));

    /// <inheritdoc/>
    public static bool IsShort(SpinInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return input.SpinMs <= MaxShortMilliseconds;
    }

    /// <inheritdoc/>
    public async Task<string> FetchAsync(SpinInput input, NpgsqlConnection connection, CancellationToken cancellationToken)
        => (await FetchManyAsync([input], connection, cancellationToken))[0];

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> FetchManyAsync(IReadOnlyList<SpinInput> inputs, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var rows = new Dictionary<int, string>(inputs.Count);
        await using var command = new NpgsqlCommand("select id, data from profile where id = any ($1)", connection)
        {
            Parameters = { new() { Value = inputs.Select(input => input.Id).Distinct().ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return [.. inputs.Select(input => rows.GetValueOrDefault(input.Id) ?? throw Unknown(input.Id))];
    }

    /// <inheritdoc/>
    public SpinResult Compute(SpinInput input, string data, JobContext context)
    {
        var start = ThreadCpuClock.Now;
        var length = TimeSpan.FromMilliseconds(input.SpinMs);
        for (var spent = TimeSpan.Zero; spent < length; spent = ThreadCpuClock.Now - start)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            context.ReportProgress(spent / length);
        }

        return new SpinResult(input.Batch, input.Job, input.Id, data);
    }

    /// <inheritdoc/>
    public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken)
        => WriteManyAsync([new JobResult<SpinResult>(result, context)], transaction, cancellationToken);

    /// <inheritdoc/>
    public async Task WriteManyAsync(IReadOnlyList<JobResult<SpinResult>> results, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(results);
        ArgumentNullException.ThrowIfNull(transaction);
        await using var command = new NpgsqlCommand(
            "insert into result (batch, job, profile_id, value) select * from unnest($1, $2, $3, $4)", transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { Value = results.Select(result => result.Value.Batch).ToArray() },
                new() { Value = results.Select(result => result.Value.Job).ToArray() },
                new() { Value = results.Select(result => result.Value.ProfileId).ToArray() },
                new() { Value = results.Select(result => result.Value.Value).ToArray() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static JobException Unknown(int row)
        => new("unknown-row", "The row to fetch is not there.", string.Create(CultureInfo.InvariantCulture, $"Table 'profile' has no row {row}; its sample rows are 1 to 1000."));
}

/// <summary>The result's JSON, written by generated code.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SpinResult))]
public sealed partial class SpinJson : JsonSerializerContext;
