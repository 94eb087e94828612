using System.Data;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>A profile never passes the rows that a policy lets through for the table's.</summary>
public sealed class RowSecurityTests
{
    private const string Secured = "create table t as select n from generate_series(1, 20000) n; alter table t enable row level security; ";
    private const string Visible = "create policy p on t to slowlane_job using (n <= 5000); ";

    [Theory]
    [InlineData("", 0)]
    [InlineData(Visible, 5000)]
    public async Task Profile_OfATableWithPolicies_IsRefusedUnlessVisibleRowsAreAskedFor(string policy, long visible)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Secured + policy);

        var refused = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"t"}"""));
        var asked = await database.ProfileAsJobAsync("""{"table":"t","rowSecurity":true}""");

        Assert.Equal(("row-security", false), (refused.Code, refused.IsTransient));
        Assert.Contains("Send \"rowSecurity\": true", refused.Message, StringComparison.Ordinal);
        Assert.Equal("alter role slowlane_job bypassrls", refused.Advice());
        Assert.Equal((visible, true), (asked.RowCount, asked.RowSecurity));
    }

    [Fact]
    public async Task Profile_OfAViewThatTurnsPoliciesOn_IsRefusedUnlessVisibleRowsAreAskedFor()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Secured + Visible + """
            create function seen() returns bigint language plpgsql as 'begin return (select count(*) from t); end';
            create view v as select set_config('row_security', 'on', true) as setting, seen() as rows
            """);

        var refused = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"v"}"""));
        var asked = await database.ProfileAsJobAsync("""{"table":"v","rowSecurity":true}""");

        Assert.Equal("row-security", refused.Code);
        Assert.StartsWith("Reading public.v set row_security to on, so that functions which it called may have left rows out.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, asked.RowCount);
    }

    // The role is every test's: it bypasses policies in a transaction that is not committed.
    [Fact]
    public async Task Profile_OfATableWithPolicies_SeesAllRowsOnceTheAdvisedStatementIsRun()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Secured);
        var refused = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"t"}"""));
        await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancellation);
        await ExecuteAsync(connection, $"{refused.Advice()}; set local role slowlane_job");

        var report = await PartsAsync("""{"table":"t","partitions":2}""", connection);

        Assert.Equal((20000, null), (report.RowCount, report.RowSecurity));
    }

    [Theory]
    [InlineData("alter table t owner to slowlane_job", true)]
    [InlineData("alter table t owner to slowlane_job; alter table t force row level security", false)]
    [InlineData("alter table t disable row level security", true)]
    [InlineData("alter table t force row level security", false)]
    public async Task Profile_OfATableWithPolicies_DependsOnItsOwner(string sql, bool isWhole)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Secured + sql);

        await SeesAsync(database, "t", isWhole ? "" : "alter role slowlane_job bypassrls");
    }

    [Theory]
    [InlineData("create view v as select n from t", "")]
    [InlineData("create view v with (security_invoker) as select n from t", "alter role slowlane_job bypassrls")]
    [InlineData("create view v as select n from t; alter view v owner to {owner}; grant select on t to {owner}", "alter role {owner} bypassrls")]
    [InlineData("alter table t owner to {owner}; create view v as select n from t; alter view v owner to {owner}", "")]
    [InlineData("create materialized view v as select n from t", "")]
    public async Task Profile_OfAViewOnATableWithPolicies_DependsOnTheRoleThatReadsTheTable(string sql, string advice)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var owner = await database.CreateOwnerAsync();
        await database.ExecuteAsync(Secured + sql.Replace("{owner}", owner.Name, StringComparison.Ordinal));
        advice = advice.Replace("{owner}", owner.Name, StringComparison.Ordinal);

        await SeesAsync(database, "v", advice);

        if (advice.Contains(owner.Name, StringComparison.Ordinal))
        {
            await database.ExecuteAsync(advice);
            await SeesAsync(database, "v", "");
        }
    }

    // PostgreSQL applies the policies of the table that a statement names, and none of its partitions' or children's.
    [Theory]
    [InlineData("parent", "")]
    [InlineData("child", "alter role slowlane_job bypassrls")]
    [InlineData("whole", "alter role slowlane_job bypassrls")]
    [InlineData("part", "")]
    public async Task Profile_OfPartitionsAndChildren_FollowsThePoliciesOfTheNamedTable(string table, string advice)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table parent (n int); create table child () inherits (parent); insert into child select n from generate_series(1, 20000) n; alter table child enable row level security;
            create table whole (n int) partition by range (n); create table part partition of whole default; insert into whole select n from generate_series(1, 20000) n; alter table whole enable row level security
            """);

        await SeesAsync(database, table, advice);
    }

    [Fact]
    public async Task Profile_InPartitions_IsRefusedOrMergesTheVisibleRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Secured + Visible);
        await using var connection = await JobRole.OpenAsync(database.Source, Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, Cancellation);

        var asked = await PartsAsync("""{"table":"t","partitions":4,"rowSecurity":true}""", connection);
        var split = await Assert.ThrowsAsync<JobException>(() => PartsAsync("""{"table":"t","partitions":4}""", connection));
        var part = await Assert.ThrowsAsync<JobException>(() => PartAsync(ProfileRun.Parse("""{"table":"t","partitions":4}""").Input, "0-1/1", connection));

        Assert.Equal((5000, true, 4), (asked.RowCount, asked.RowSecurity, asked.Partitions));
        Assert.Equal(("row-security", "row-security"), (split.Code, part.Code));
    }

    private static async Task SeesAsync(TestDatabase database, string table, string advice)
    {
        var json = $$"""{"table":"{{table}}"}""";
        if (advice.Length == 0)
        {
            var report = await database.ProfileAsJobAsync(json);
            Assert.Equal((20000, null), (report.RowCount, report.RowSecurity));
            return;
        }

        var refused = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync(json));
        Assert.Equal(("row-security", advice), (refused.Code, refused.Advice()));
    }

    private static async Task<ProfileReport> PartsAsync(string json, NpgsqlConnection connection)
    {
        var (input, _) = ProfileRun.Parse(json);
        var parts = new List<byte[]>();
        foreach (var range in await ProfileRun.Job.SplitAsync(input, input.Partitions, connection, Cancellation))
        {
            parts.Add(await PartAsync(input, range, connection));
        }

        return ProfileRun.Job.Merge(input, parts, ProfileRun.Context(Cancellation));
    }

    private static Task<byte[]> PartAsync(ProfileInput input, string range, NpgsqlConnection connection)
        => Task.Run(() => ProfileRun.Job.ComputePartition(input, ProfileRun.Job.FetchPartitionAsync(input, range, connection, Cancellation).ToBlockingEnumerable(Cancellation), ProfileRun.Context(Cancellation)), Cancellation);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
#pragma warning disable CA2100 // Written above, or advised.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
