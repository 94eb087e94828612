using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class SampleTests
{
    private const string Numbers = "create table t as select n, n % 10 as k, repeat('x', 100) as fill from generate_series(1, 50000) n; analyze t; ";

    [Fact]
    public async Task Sample_IsTheOneThatPostgresDraws_AndTheSameEachTime()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        var report = await database.TableAsync("t", ""","sample":0.1,"firstRows":1""");
        var again = await database.TableAsync("t", ""","sample":0.1,"firstRows":1""");

        Assert.Equal(await database.QueryAsync<long>("select count(*) from t tablesample system (10) repeatable (1)"), report.RowCount);
        Assert.InRange(report.RowCount, 2000, 9000);
        Assert.Equal(await database.QueryAsync<string>("select min(n)::text from t tablesample system (10) repeatable (1)"), report.Column("n").Min);
        Assert.Equal(report.Column("n").Min, report.FirstRows![0].Values["n"]);
        Assert.Equal(JsonSerializer.Serialize(report.Columns), JsonSerializer.Serialize(again.Columns));
        Assert.Contains("\"sample\":{\"fraction\":0.1,\"method\":\"system\",\"repeatable\":1}", JsonSerializer.Serialize(report, ProfileJson.Report.ProfileReport), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sample_WithWhere_IsOfTheRowsOfTheSampleThatPass()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        var report = await database.TableAsync("t", ""","sample":0.2,"where":{"k":3}""");

        Assert.Equal(await database.QueryAsync<long>("select count(*) from t tablesample system (20) repeatable (1) where k = 3"), report.RowCount);
    }

    [Fact]
    public async Task Sample_OfAll_IsTheTable()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        var report = await database.TableAsync("t", ""","sample":1""");

        Assert.Equal((50000L, null), (report.RowCount, report.Sample));
    }

    [Fact]
    public async Task Sample_OfTheSmallestFraction_IsTaken()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        Assert.InRange((await database.TableAsync("t", ""","sample":0.0001""")).RowCount, 0, 1000);
    }

    [Theory]
    [InlineData("seen", "public.seen is a view")]
    [InlineData("far", "public.far is a foreign table")]
    [InlineData("parts", "public.parts has the foreign table public.part_far below it")]
    [InlineData("parent", "public.parent has the foreign table public.child_far below it")]
    public async Task Sample_OfWhatPostgresCannotSample_IsRefused(string table, string reason)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create extension file_fdw; create server files foreign data wrapper file_fdw;
            create view seen as select 1 as n; create foreign table far (n int) server files options (program 'seq 1 9');
            create table parts (n int) partition by range (n); create table part_near partition of parts for values from (0) to (10);
            create table part_deep partition of parts for values from (10) to (20) partition by range (n);
            create foreign table part_far partition of part_deep default server files options (program 'seq 10 19');
            create table parent (n int); create foreign table child_far () inherits (parent) server files options (program 'seq 1 9')
            """);

        var failure = await Assert.ThrowsAsync<JobException>(() => database.TableAsync(table, ""","sample":0.5"""));

        Assert.Equal("no-sample", failure.Code);
        Assert.Equal($"PostgreSQL samples tables and materialized views only, and {reason}. Leave out 'sample', or name another table.", failure.Message);
    }

    [Theory]
    [InlineData("parts")]
    [InlineData("parent")]
    [InlineData("kept")]
    public async Task Sample_OfPartitionsChildrenAndMaterializedViews_IsOfAllOfThem(string table)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table parts (n int, fill text) partition by range (n); create table part1 partition of parts for values from (0) to (20000); create table part2 partition of parts default;
            insert into parts select n, repeat('x', 100) from generate_series(1, 40000) n;
            create table parent as select * from part1; create table child () inherits (parent); insert into child select * from part2;
            create materialized view kept as select * from parts
            """);

        var report = await database.TableAsync(table, ""","sample":0.3""");

        Assert.Equal(await database.QueryAsync<long>($"select count(*) from {table} tablesample system (30) repeatable (1)"), report.RowCount);
        Assert.True(int.Parse(report.Column("n").Min!, System.Globalization.CultureInfo.InvariantCulture) < 20000 && int.Parse(report.Column("n").Max!, System.Globalization.CultureInfo.InvariantCulture) >= 20000);
    }
}
