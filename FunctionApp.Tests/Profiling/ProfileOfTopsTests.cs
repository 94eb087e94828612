using System.Globalization;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

/// <summary>The most frequent values are PostgreSQL's own, written as it writes them.</summary>
public sealed class ProfileOfTopsTests
{
    // Each column: its type, and an expression of n, of which some values are frequent and others equally rare.
    private static readonly Dictionary<string, string> Columns = new(StringComparer.Ordinal)
    {
        ["word"] = "'wörd ' || n % 5000 % (1 + n % 700)",
        ["padded"] = "(n % 3000 % (1 + n % 90))::text::char(10)",
        ["small"] = "(n % 1000 % (1 + n % 77) - 30)::smallint",
        ["whole"] = "(n * 7919 % 100003 % (1 + n % 30011) - 50)",
        ["big"] = "(n::bigint * 1000000007 % 9000000000 % (1 + n % 977) * 1000003)",
        ["id"] = "n::bigint",
        ["number"] = "(n % 700 % (1 + n % 70))::oid",
        ["price"] = "((n * 37 % 4000 % (1 + n % 500))::numeric(12,2) / 8)::numeric(12,2)",
        ["decimal"] = "case n % 800 when 7 then 'NaN'::numeric when 8 then '-Infinity' when 9 then 'Infinity' when 10 then 1e400 else round(sin(n % 601)::numeric * 1e12, n % 601 % 20) end",
        ["double"] = "case n % 500 when 7 then 'NaN'::float8 when 8 then '-Infinity' when 9 then 'Infinity' when 10 then -0.0 when 11 then 0 else sin(n % 311) * exp(n % 311 - 150) end",
        ["single"] = "case n % 500 when 7 then 'NaN'::real when 8 then '-Infinity' when 9 then 'Infinity' else (sin(n % 311) * exp((n % 311 - 150) / 3.0))::real end",
        ["yes"] = "n % 3 = 0",
        ["id2"] = "md5((n % 900 % (1 + n % 200))::text)::uuid",
        ["day"] = "case n % 700 when 7 then 'infinity'::date when 8 then '-infinity' when 9 then '0044-03-15 BC' else date '1999-12-25' + n % 900 % (1 + n % 200) end",
        ["clock"] = "time '00:00' + n % 900 % (1 + n % 200) * interval '96.01 s'",
        ["at"] = "case n % 700 when 7 then 'infinity'::timestamp when 8 then '-infinity' when 9 then '4713-01-01 BC' else timestamp '1969-12-31 12:00' + n % 900 % (1 + n % 200) * interval '1 hour 0.05 s' end",
        ["zoned"] = "case n % 700 when 7 then 'infinity'::timestamptz when 8 then '-infinity' else timestamptz '2024-02-28 00:00Z' + n % 900 % (1 + n % 200) * interval '1 min' end",
        ["span"] = "make_interval(months => n % 5 - 2, days => n % 3 - 1, secs => n % 2 * 1.5 - (n % 4)) * (1 + n % 900 % 9)",
        ["mood"] = "(array['sad', 'so so', 'happy', 'fine'])[1 + n % 11 % 4]::mood",
        ["net"] = "case n % 3 when 0 then inet '10.1.0.0' + n % 900 % (1 + n % 200) when 1 then '10.0.0.1/24' else '::ffff' end",
        ["block"] = "case n % 3 when 0 then '10.0.0.0/8'::cidr else '2001:db8::/32' end",
        ["doc"] = "jsonb_build_object('n', n % 900 % (1 + n % 200), 'ü', array[n % 2])",
        ["text_doc"] = "('{ \"n\":' || n % 900 % (1 + n % 200) || '}')::json",
        ["cash"] = "(n % 90 % (1 + n % 20))::money",
        ["tags"] = "array['a b', (n % 90 % (1 + n % 20))::text]",
    };

    public static TheoryData<string> Names => [.. Columns.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Top_OfEveryType_IsWhatPostgresCounts(string name)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"""
            create type mood as enum ('sad', 'so so', 'happy', 'fine');
            create table t as select case when n % 17 > 0 then {Columns[name]} end as v from generate_series(1, 30000) n
            """);

        var column = (await database.TableAsync("t", ""","top":100""")).Column("v");

        // Types that are read as text are in the order of their texts, all others in their own.
        var text = name is "net" ? "format('%s', v)" : "v::text";
        var byText = name is "word" or "padded" or "mood" or "net" or "block" or "doc" or "text_doc" or "cash" or "tags";
        var expected = await database.QueryAsync<string[]>($"""
            select array_agg(text || ' × ' || n) from (
                select min({text}) as text, count(*) as n from t where v is not null group by {(byText ? text : "v")} order by n desc, {(byText ? text + " collate \"C\"" : "v")} limit 100) s
            """);
        var top = column.Top!;
        Assert.Equal(expected.Select(OfZero), top.Values.Select(value => string.Create(CultureInfo.InvariantCulture, $"{value.Value} × {value.Count}")), StringComparer.Ordinal);
        Assert.True(top is { Exact: true, Method: "counters", CountError: 0 });
        Assert.All(top.Values, value => Assert.Equal((null, null, false), (value.CountError, value.Certain, value.Shortened)));
    }

    // Every text of a double, and of a real, is PostgreSQL's: of all magnitudes and lengths.
    [Fact]
    public async Task Top_OfFloatingPointNumbers_IsWrittenAsPostgresWritesThem()
    {
        var dice = new SeededRandom(31);
        await using var database = await TestDatabase.CreateAsync();
        var numbers = Enumerable.Range(0, 100).Select(i => (i % 4) switch
        {
            0 => dice.Next(10_000_000) * Math.Pow(10, dice.Next(24) - 12),
            1 => dice.Next(int.MaxValue) * 1000.0,
            2 => Math.Pow(2, dice.Next(240) - 120),
            _ => (dice.Fraction() - 0.5) * Math.Pow(10, dice.Next(70) - 35),
        });
        await database.ExecuteAsync($"create table t as select d, d::real as r from unnest('{{{string.Join(',', numbers.Select(number => number.ToString("R", CultureInfo.InvariantCulture)))}}}'::float8[]) d");

        var report = await database.TableAsync("t", ""","top":100""");

        foreach (var column in report.Columns)
        {
            var expected = await database.QueryAsync<string[]>($"select array_agg(distinct {column.Name}::text) from t");
            Assert.Equal(expected.Order(StringComparer.Ordinal), column.Top!.Values.Select(value => value.Value).Order(StringComparer.Ordinal));
            Assert.Equal(await database.QueryAsync<string>($"select min({column.Name})::text from t"), column.Min);
        }
    }

    // More rows than any sketch keeps values, but of few distinct ones.
    [Fact]
    public async Task Quartiles_AndBins_OfManyRowsOfFewValues_AreExact()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select (n::bigint * 7919 % 40009)::int as whole, ((n::bigint * 104729 % 50021)::numeric / 100)::numeric(12,2) as price, sin(n % 30011) as double,
                case when n % 1000 > 0 then date '2000-01-01' + n % 20000 else 'infinity' end as day
            from generate_series(1, 400000) n
            """);

        var report = await database.TableAsync("t");

        foreach (var column in report.Columns.Where(column => column.Numbers is not null))
        {
            var quartiles = await database.QueryAsync<double[]>($"select percentile_cont(array[0.25, 0.5, 0.75]) within group (order by {column.Name}::float8) from t");
            Assert.Equal((quartiles[0], quartiles[1], quartiles[2], true), (column.Numbers!.Quantiles!.Q1, column.Numbers.Quantiles.Median, column.Numbers.Quantiles.Q3, column.Numbers.Quantiles.Exact));
            foreach (var bin in column.Numbers.Histogram!.Bins.SkipLast(1))
            {
                Assert.Equal(await database.QueryAsync<long>(string.Create(CultureInfo.InvariantCulture, $"select count(*) from t where {column.Name} >= {bin.From:R} and {column.Name} < {bin.To:R}")), bin.Count);
            }
        }

        var days = report.Column("day").Times!;
        Assert.True(days.Histogram!.Exact);
        Assert.Equal((400L, 399_600L), (days.Infinity, days.Histogram.Bins.Sum(bin => bin.Count)));
    }

    [Fact]
    public async Task Top_BeyondTheBound_FindsTheMostFrequentAndSaysThatItIsEstimated()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select case when n % 10 = 0 then n % 20 * -1 else n end as n, 'name ' || case when n % 100 = 0 then n % 1500 / 100 - 100 else n end as name
            from (select n, hashint4(n) as h from generate_series(1, 300000) n order by h) s
            """);

        var report = await database.TableAsync("t");

        foreach (var (column, leaders) in report.Columns.Zip([2, 10]))
        {
            var top = column.Top!;
            Assert.True(top is { Exact: false, Method: "frequent-items", CountError: > 0 });
            var expected = await database.QueryAsync<string[]>($"select array_agg(v::text) from (select {column.Name} as v from t group by 1 order by count(*) desc limit 15) s");
            Assert.All(top.Values.Take(leaders), value => Assert.Contains(value.Value, expected, StringComparer.Ordinal));
            foreach (var value in top.Values)
            {
                Assert.InRange(await database.QueryAsync<long>($"select count(*) from t where {column.Name}::text = '{value.Value}'"), value.Count, value.Count + value.CountError!.Value);
            }
        }

        Assert.All(report.Column("n").Top!.Values.Take(2), value => Assert.Null(value.Certain));
        Assert.All(report.Column("n").Top!.Values.Skip(2), value => Assert.False(value.Certain));
    }

    // PostgreSQL groups -0 and 0, and shows either.
    private static string OfZero(string text) => text.StartsWith("-0 ", StringComparison.Ordinal) ? text[1..] : text;
}
