using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class FirstRowsTests
{
    [Fact]
    public async Task FirstRows_OfEveryType_AreWhatPostgresCastsToText()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create type mood as enum ('happy'); create type duo as (a int, b text);
            create table t as select n, 1.50::numeric(9, 3) as price, 0.1::real as single, 1e300::float8 as double, n = 1 as yes, 'é😀' as word, 'x'::char(5) as padded, decode('00ff', 'hex') as raw,
                date '2020-02-29' as day, timestamp '2020-01-01 10:00' as at, timestamptz '2020-01-01 10:00+02' as zoned, interval '1 day 2 h' as span, '{"b": 1, "a": [2]}'::jsonb as doc,
                array[1, null] as numbers, 'happy'::mood as mood, md5('1')::uuid as id, null::int as nothing, point '(1,2)' as place, 5::oid as o, row(1, 'x')::duo as pair
            from generate_series(1, 5) n
            """);

        var report = await database.TableAsync("t", ""","firstRows":3""");

        var rows = report.FirstRows!;
        Assert.Equal(["1", "2", "3"], rows.Select(row => row.Values["n"]), StringComparer.Ordinal);
        Assert.All(rows, row => Assert.Null(row.Shortened));
        foreach (var (name, value) in rows[0].Values)
        {
            Assert.Equal(await database.QueryAsync<object>($"set time zone 'UTC'; select {name}::text from t limit 1"), (object?)value ?? DBNull.Value);
        }

        Assert.Equal(report.Columns.Select(column => column.Name), rows[0].Values.Keys, StringComparer.Ordinal);
        Assert.Equal(5, report.RowCount);
    }

    [Fact]
    public async Task FirstRows_WithLongValues_AreShortenedAsTextsAre()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select repeat('x', 256) as whole, 'x' || repeat('é', 200) as cut, repeat('x', 1000000) as "the ""long"" one", decode(repeat('ff', 10000000), 'hex') as raw
            """);

        var row = Assert.Single((await database.TableAsync("t", ""","firstRows":20""")).FirstRows!);

        Assert.Equal([new string('x', 256), "x" + new string('é', 127), new string('x', 256), "\\x" + new string('f', 254)], row.Values.Values, StringComparer.Ordinal);
        Assert.Equal(["cut", "the \"long\" one", "raw"], row.Shortened!, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(""","firstRows":0""", null)]
    [InlineData(""","firstRows":2,"where":{"n":[4,7,9]},"columns":["n"]""", """[{"values":{"n":"4"}},{"values":{"n":"7"}}]""")]
    [InlineData(""","firstRows":2,"where":{"n":null},"columns":["n","word"]""", """[{"values":{"n":null,"word":"last"}}]""")]
    [InlineData(""","firstRows":2,"where":{"n":0}""", "[]")]
    public async Task FirstRows_AreThoseThatAreProfiled(string more, string? expected)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n, 'w' || n as word from generate_series(1, 10) n; insert into t values (null, 'last')");

        var report = JsonSerializer.SerializeToElement(await database.TableAsync("t", more), ProfileJson.Report.ProfileReport);

        Assert.Equal(expected, report.TryGetProperty("firstRows", out var rows) ? rows.GetRawText() : null);
    }

    [Fact]
    public async Task FirstRows_OfAView_AreItsRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create view v as select n * 2 as n from generate_series(1, 10) n");

        Assert.Equal(["2", "4"], (await database.TableAsync("v", ""","firstRows":2""")).FirstRows!.Select(row => row.Values["n"]), StringComparer.Ordinal);
    }

    [Fact]
    public async Task FirstRows_AtTheirMost_AreThatMany()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n from generate_series(1, 100) n");

        Assert.Equal(FirstRows.Most, (await database.TableAsync("t", ""","firstRows":20""")).FirstRows!.Count);
    }
}
