using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>Runs the job as the runner would: parse, fetch, compute.</summary>
internal static class ProfileRun
{
    public static readonly ProfileJob Job = new();

    public static JobContext Context(CancellationToken cancellationToken = default)
        => new(JobId.New(TimeProvider.System, typeTag: 0), "profile", 1, cancellationToken);

    public static (ProfileInput Input, IReadOnlyDictionary<string, List<string>> Errors) Parse(string json)
    {
        var reader = new InputReader(JsonDocument.Parse(json).RootElement);
        var input = ProfileJob.Parse(reader);
        reader.RejectUnknown();
        return (input, reader.Errors);
    }

    public static Task<ProfileReport> TableAsync(this TestDatabase database, string table, string more = "")
        => database.ProfileAsync($$"""{"table":{{JsonSerializer.Serialize(table)}}{{more}}}""");

    public static async Task<ProfileReport> ProfileAsync(this TestDatabase database, string json, JobContext? context = null)
    {
        var (input, errors) = Parse(json);
        Assert.Empty(errors);
        await using var connection = await database.Source.OpenConnectionAsync();
        return await ComputeAsync(input, connection, context ?? Context());
    }

    public static async Task<ProfileReport> ComputeAsync(ProfileInput input, NpgsqlConnection connection, JobContext context)
    {
        var chunks = Job.FetchAsync(input, connection, context.CancellationToken);
        return await Task.Run(() => Job.Compute(input, chunks.ToBlockingEnumerable(), context), CancellationToken.None);
    }

    public static ColumnProfile Column(this ProfileReport report, string name)
        => Assert.Single(report.Columns, column => string.Equals(column.Name, name, StringComparison.Ordinal));
}
