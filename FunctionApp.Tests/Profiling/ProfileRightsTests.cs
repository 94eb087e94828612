using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Slowlane.Execution;
using Slowlane.Execution.Partitions;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Profiling.Sources;
using Slowlane.Resilience;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>A profile that lacks a right says which, and succeeds once the statement that it advises is run.</summary>
public sealed class ProfileRightsTests
{
    private const string Closed = "revoke select on all tables in schema public from slowlane_job; ";

    private static readonly Dictionary<string, (string Sql, string Body, string Advice)> Table = new(StringComparer.Ordinal)
    {
        ["table"] = ("create table t as select 1 as n; " + Closed, """{"table":"t"}""", "grant select on public.t to slowlane_job"),
        ["schema"] = ("create schema s; create table s.t as select 1 as n; grant select on s.t to slowlane_job", """{"table":"s.t"}""", "grant usage on schema s to slowlane_job"),
        ["table and schema"] = ("create schema \"S\"; create table \"S\".\"T\" as select 1 as n", """{"table":"\"S\".\"T\""}""", "grant select on \"S\".\"T\" to slowlane_job; grant usage on schema \"S\" to slowlane_job"),
        ["columns"] = ("create table t as select 1 as n, 2 as \"Secret\"; " + Closed + "grant select (n) on t to slowlane_job", """{"table":"t"}""", "grant select (\"Secret\") on public.t to slowlane_job"),
        ["function of a view"] = ("create schema s; create function s.f(int, text[]) returns int language sql as 'select 1'; revoke execute on all functions in schema s from public; create view v as select s.f(1, null) as n", """{"table":"v"}""", "grant execute on function s.f(integer, text[]) to slowlane_job"),
        ["function of an operator"] = ("create function f(int, int) returns int language sql as 'select 1'; revoke execute on function f from public; create operator ### (function = f, leftarg = int, rightarg = int); create view v as select 1 ### 2 as n", """{"table":"v"}""", "grant execute on function public.f(integer, integer) to slowlane_job"),
        ["view of another owner"] = ("create schema s; create table s.base as select 1 as n, 2 as m; create view v as select n from s.base; alter view v owner to {owner}", """{"table":"v"}""", "grant select on s.base to {owner}"),
        ["column of a view of another owner"] = ("create schema s; create table s.base as select 1 as n, 2 as m; create view v as select n, m from s.base; alter view v owner to {owner}; grant select (n) on s.base to {owner}", """{"table":"v"}""", "grant select (m) on s.base to {owner}"),
        ["security_invoker view"] = ("create table base as select 1 as n; create view v with (security_invoker) as select n from base; revoke select on base from slowlane_job", """{"table":"v"}""", "grant select on public.base to slowlane_job"),
        ["security_invoker view below a view"] = ("create table base as select 1 as n; create view i with (security_invoker) as select n from base; create view v as select n from i; alter view v owner to {owner}; grant select on i to {owner}; revoke select on base from slowlane_job", """{"table":"v"}""", "grant select on public.base to slowlane_job"),
        ["sequence below a view"] = ("create sequence q; create view v as select last_value from q; alter view v owner to {owner}", """{"table":"v"}""", "grant select on sequence public.q to {owner}"),
        ["user mapping"] = ("create extension postgres_fdw; create server \"Far\" foreign data wrapper postgres_fdw options ({remote}); create table near as select 1 as n; create foreign table far (n int) server \"Far\" options (table_name 'near')", """{"table":"far"}""", "create user mapping for slowlane_job server \"Far\" options (user '…', password '…')"),
        ["user mapping of a view's owner"] = ("create extension postgres_fdw; create server far foreign data wrapper postgres_fdw options ({remote}); create table near as select 1 as n; create foreign table far (n int) server far options (table_name 'near'); create view v as select n from far; alter view v owner to {owner}; grant select on far to {owner}", """{"table":"v"}""", "create user mapping for {owner} server far options (user '…', password '…')"),
    };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Profile_ThatLacksARight_SucceedsOnceTheAdvisedStatementIsRun(string name)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var owner = await database.CreateOwnerAsync();
        var server = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var (sql, body, advice) = Table[name];
        await database.ExecuteAsync(sql
            .Replace("{owner}", owner.Name, StringComparison.Ordinal)
            .Replace("{remote}", $"host '{server.Host}', port '{server.Port}', dbname '{server.Database}'", StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync(body));

        Assert.Equal("not-readable", failure.Code);
        Assert.Equal(advice.Replace("{owner}", owner.Name, StringComparison.Ordinal), failure.Advice());
        await database.ExecuteAsync(failure.Advice()
            .Replace("user '…'", $"user '{server.Username}'", StringComparison.Ordinal)
            .Replace("password '…'", $"password '{server.Password}'", StringComparison.Ordinal));
        Assert.Equal(1, (await database.ProfileAsJobAsync(body)).RowCount);
    }

    [Fact]
    public async Task Profile_OfColumnsThatMayNotBeRead_SucceedsWithTheOthers()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select 1 as n, 2 as secret; " + Closed + "grant select (n) on t to slowlane_job");

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"t"}"""));

        Assert.Contains("or name only 'columns' that it may read", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await database.ProfileAsJobAsync("""{"table":"t","columns":["n"]}""")).RowCount);
    }

    [Theory]
    [InlineData("pg_catalog.pg_authid", "select 1", "pg_catalog.pg_authid is closed")]
    [InlineData("pg_shadow", "select 1", "pg_catalog.pg_shadow is closed")]
    [InlineData("v", "create view v with (security_invoker) as select rolpassword from pg_authid", "pg_catalog.pg_authid is closed")]
    [InlineData("v", "create view v as select rolpassword from pg_authid; alter view v owner to {owner}", "pg_catalog.pg_authid is closed")]
    [InlineData("v", "create view v as select pg_read_file('PG_VERSION') as n", "pg_catalog.pg_read_file is closed")]
    [InlineData("slowlane.job", "create schema slowlane; create table slowlane.job (n int); grant usage on schema slowlane to slowlane_job", "slowlane.job is closed")]
    public async Task Profile_OfWhatNoGrantShouldOpen_AdvisesNone(string table, string sql, string sentence)
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var owner = await database.CreateOwnerAsync();
        await database.ExecuteAsync(sql.Replace("{owner}", owner.Name, StringComparison.Ordinal));

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync($$"""{"table":"{{table}}"}"""));

        Assert.Equal("not-readable", failure.Code);
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("grant", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("create table base as select 1 as n; create function f() returns int language sql as 'select n from base'; create view v as select f() as n; revoke select on base from slowlane_job", "grant select on public.base to slowlane_job")]
    [InlineData("create table base as select 1 as n; create function f() returns int language plpgsql as 'begin return (select n from public.base); end'; create view v as select f() as n; revoke select on base from slowlane_job; create schema s; create table s.base (n int)", "grant select on public.base to slowlane_job")]
    [InlineData("select lo_from_bytea(4711, 'x'); create view v as select length(lo_get(4711)) as n", "grant select on large object 4711 to slowlane_job")]
    public async Task Profile_OfAViewThatUsesWhatIsNoPartOfIt_SucceedsOnceTheEnginesAdviceIsRun(string sql, string grant)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(sql);
        await using var source = NpgsqlDataSource.Create(database.ConnectionString);
        await using var services = new ServiceCollection().AddSingleton<ProfileJob>().BuildServiceProvider();
        using var lanes = new ComputeLanes(1, TimeProvider.System);
        using var lane = await lanes.ReserveAsync(Cancellation);
        var handler = new PartitionedJobHandler<ProfileJob, ProfileInput, ProfileChunk, ProfileReport>("profile");
        Func<Task> profile = async () => await handler.RunAsync(services, """{"table":"v"}""", source, lane, ProfileRun.Context(Cancellation));

        var failure = await Assert.ThrowsAsync<JobException>(profile);

        Assert.Equal("not-permitted", failure.Code);
        Assert.Contains($"Run as its owner: {grant}.", failure.Message, StringComparison.Ordinal);
        await database.ExecuteAsync(grant);
        await profile();
    }

    [Fact]
    public async Task Profile_OfAForeignTableWhoseServerIsAway_IsNoOutageOfTheDatabase()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create extension postgres_fdw; create server away foreign data wrapper postgres_fdw options (host '127.0.0.1', port '1');
            create user mapping for slowlane_job server away options (user 'u', password 'p'); create foreign table far (n int) server away
            """);

        var failure = await Assert.ThrowsAsync<PostgresException>(() => database.ProfileAsJobAsync("""{"table":"far"}"""));

        Assert.True(ForeignServer.Is(failure)); // Which the engine explains.
    }
}
