using Npgsql;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>A profile writes nothing, whatever the view does that it reads.</summary>
public sealed class ReadOnlyTests
{
    private const string Drawing = "create sequence q; create view v as select nextval('q') as n; ";

    [Theory]
    [InlineData(Drawing + "grant usage on sequence q to slowlane_job", "nextval()")]
    [InlineData(Drawing, "It uses public.q.")]
    [InlineData("create sequence q; create table log (n int); grant insert on log to slowlane_job; create function note() returns int language sql as 'insert into log values (1) returning n'; create view v as select note() as n", "It uses public.note().")]
    [InlineData("create sequence q; create view v as select set_config('transaction_read_only', 'off', true) as n", "cannot set transaction read-write mode")]
    public async Task Profile_OfAViewThatWrites_SaysSoAndWritesNothing(string sql, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(sql);

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"v"}"""));

        Assert.Equal("table-writes", failure.Code);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.Contains("public.v would write", failure.Message, StringComparison.Ordinal);
        Assert.False(await database.QueryAsync<bool>("select is_called from q"));
    }

    [Fact]
    public async Task Partition_OfATableWhosePolicyWrites_SaysSoAndWritesNothing()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create sequence q; grant usage on sequence q to slowlane_job; create table t as select n from generate_series(1, 20000) n;
            alter table t enable row level security; create policy p on t using (nextval('q') > 0)
            """);
        var (input, _) = ProfileRun.Parse("""{"table":"t","partitions":2,"rowSecurity":true}""");
        await using var connection = await JobRole.OpenAsync(database.Source, Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        var ranges = await ProfileRun.Job.SplitAsync(input, 2, connection, Cancellation);

        var failure = await Assert.ThrowsAsync<JobException>(() => ProfileRun.Job.FetchPartitionAsync(input, ranges[1], connection, Cancellation).ToListAsync(Cancellation).AsTask());

        Assert.Equal((2, "table-writes"), (ranges.Count, failure.Code));
        await transaction.CommitAsync(Cancellation);
        Assert.False(await database.QueryAsync<bool>("select is_called from q"));
    }

    [Fact]
    public async Task Snapshot_ExportedOrEntered_IsOfAReadOnlyTransaction()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var holder = await database.Source.OpenConnectionAsync(Cancellation);
        await using var reader = await database.Source.OpenConnectionAsync(Cancellation);
        await using var snapshot = await Snapshot.ExportAsync(holder, Cancellation);
        await using var transaction = await Snapshot.EnterAsync(reader, snapshot.Name, Cancellation);

        Assert.Equal(("on", "on"), (await ShowAsync(holder), await ShowAsync(reader)));
    }

    private static async Task<string> ShowAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("show transaction_read_only", connection);
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}
