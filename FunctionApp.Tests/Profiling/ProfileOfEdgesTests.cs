using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfEdgesTests
{
    [Fact]
    public async Task Profile_OfAnEmptyTable_HasNoFigures()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (n int, f float8, d numeric, word text, at timestamptz, yes boolean, raw bytea, id uuid, doc jsonb)");

        var report = await database.TableAsync("t");

        Assert.Equal((0L, 9), (report.RowCount, report.ColumnCount));
        Assert.All(report.Columns, NothingIn);
    }

    [Fact]
    public async Task Profile_OfNulls_CountsThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (n int, word text, at date); INSERT INTO t SELECT FROM generate_series(1, 1000)");

        var report = await database.TableAsync("t");

        Assert.All(report.Columns, NothingIn);
        Assert.All(report.Columns, column => Assert.Equal(1000, column.Nulls));
    }

    [Fact]
    public async Task Profile_OfATableWithoutColumns_CountsRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("CREATE TABLE t (); INSERT INTO t SELECT FROM generate_series(1, 5)");

        var report = await database.TableAsync("t");

        Assert.Equal((5L, 0), (report.RowCount, report.ColumnCount));
    }

    [Fact]
    public async Task Profile_Of1600Columns_HasThemAll()
    {
        await using var database = await TestDatabase.CreateAsync();
        var columns = string.Join(", ", Enumerable.Range(1, 1600).Select(i => $"c{i} smallint"));
        await database.ExecuteAsync($"CREATE TABLE t ({columns}); INSERT INTO t SELECT {string.Join(", ", Enumerable.Range(1, 1600).Select(i => $"n * {i} % 1000"))} FROM generate_series(1, 20) n");

        var report = await database.TableAsync("t");

        Assert.Equal(1600, report.Columns.Count);
        Assert.All(report.Columns, column => Assert.Equal(20, column.Count));
        Assert.Equal((20 * 21 / 2) * 7 / 20.0, report.Columns[6].Numbers!.Mean);
    }

    [Fact]
    public async Task Profile_OfNumbersThatAreNone_CountsThemApart()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE t (f float8, r real, d numeric);
            INSERT INTO t VALUES ('NaN', 'Infinity', 'NaN'), ('Infinity', '-Infinity', 'Infinity'), ('-Infinity', 'NaN', '-Infinity'),
                (1, 2.5, 1e400), (-0.0, 0.1, -1e400), (0, 1e20, 1.50), (3, 1e-10, 1.5), (1.7e308, 7, 123456789012345678901234567890.12345), (-1.7e308, 7, 0.00)
            """);

        var report = await database.TableAsync("t");

        Assert.All(report.Columns, column => Assert.Equal((9L, 0L), (column.Count, column.Nulls)));
        var (f, r, d) = (report.Column("f"), report.Column("r"), report.Column("d"));
        Assert.Equal((1L, 1L, 1L), (f.Numbers!.NaN, f.Numbers.Infinity, f.Numbers.MinusInfinity));
        Assert.Equal(("-1.7e+308", "1.7e+308"), (f.Min, f.Max));
        Assert.Equal(8, f.Distinct.Value);
        Assert.Equal(6, f.Numbers.Histogram!.Bins.Sum(bin => bin.Count));
        Assert.Equal(1.7e308 * Math.Sqrt(2 / 5.0), f.Numbers.StandardDeviation!.Value, 1e294); // The squares lie beyond double, their root does not.
        Assert.Equal((1L, 1L, 1L), (r.Numbers!.NaN, r.Numbers.Infinity, r.Numbers.MinusInfinity));
        Assert.Equal(("1e-10", "1e+20"), (r.Min, r.Max));
        Assert.Equal((1L, 1L, 1L, 2L), (d.Numbers!.NaN, d.Numbers.Infinity, d.Numbers.MinusInfinity, d.Numbers.BeyondDouble));
        Assert.Equal(await database.QueryAsync<long>("SELECT count(DISTINCT d) FROM t"), d.Distinct.Value);
        Assert.Equal(await database.QueryAsync<string>("SELECT max(d)::text FROM t WHERE d < 'Infinity'"), d.Max);
        Assert.Equal(await database.QueryAsync<string>("SELECT min(d)::text FROM t WHERE d > '-Infinity'"), d.Min);
        Assert.Equal(4, d.Numbers.Histogram!.Bins.Sum(bin => bin.Count));
    }

    [Fact]
    public async Task Profile_OfTimes_PrintsAsPostgres()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE t (d date, ts timestamp, tz timestamptz, at time, long interval);
            INSERT INTO t VALUES ('infinity', 'infinity', '-infinity', '00:00', '1 day'), ('-infinity', '-infinity', 'infinity', '24:00', '24 hours'),
                ('4713-01-01 BC', '0044-03-15 12:00:00.5 BC', '1969-12-31 23:59:59.999999Z', '12:34:56.789', '-1 mon'), ('5874897-12-31', '294276-12-31 23:59:59.999999', '2024-02-29 00:00Z', '01:00', '178000000 years'),
                ('2000-02-29', '1999-12-31', '2000-01-01Z', '23:59:59.999999', '14 mons 3 days 04:05:06.7'), ('1900-02-28', '2100-03-01 00:00:01', '0001-01-01Z', NULL, NULL)
            """);

        var report = await database.TableAsync("t", ""","bins":3""");

        foreach (var column in report.Columns)
        {
            var finite = column.Name is "at" ? "true" : $"isfinite({column.Name})";
            Assert.Equal(await database.QueryAsync<string>($"SELECT min({column.Name})::text FROM t WHERE {finite}"), column.Min);
            Assert.Equal(await database.QueryAsync<string>($"SELECT max({column.Name})::text FROM t WHERE {finite}"), column.Max);
            Assert.Equal(await database.QueryAsync<long>($"SELECT count(DISTINCT {column.Name}) FROM t"), column.Distinct.Value);
            Assert.Equal(column.Count - column.Times!.Infinity - column.Times.MinusInfinity, column.Times.Histogram!.Bins.Sum(bin => bin.Count));
            var (first, last) = (column.Times.Histogram.Bins[0].From, column.Times.Histogram.Bins[^1].To);
            Assert.True(await database.QueryAsync<bool>($"SELECT '{first}'::{column.Type} <= '{column.Min}' AND '{last}'::{column.Type} >= '{column.Max}'"));
        }

        Assert.Equal((1L, 1L), (report.Column("tz").Times!.Infinity, report.Column("tz").Times!.MinusInfinity));
    }

    [Fact]
    public async Task Profile_OfEveryOtherType_CountsAndMeasures()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TYPE mood AS ENUM ('sad', 'happy');
            CREATE TYPE pair AS (a int, b text);
            CREATE DOMAIN positive AS int CHECK (value > 0);
            CREATE DOMAIN small AS positive CHECK (value < 100);
            CREATE TABLE t (m mood, p pair, s small, yes boolean, raw bytea, id uuid, doc jsonb, tags text[], cash money, net inet, bits varbit, x xml);
            INSERT INTO t SELECT CASE WHEN n % 4 = 0 THEN 'sad' ELSE 'happy' END::mood, ROW(n, 'x')::pair, n, n % 3 = 0, repeat('ab', n)::bytea,
                md5(n::text)::uuid, jsonb_build_object('n', n), ARRAY['a', n::text], n, ('10.0.0.' || n)::inet, '101', '<a/>' FROM generate_series(1, 20) n
            """);

        var report = await database.TableAsync("t");

        Assert.Equal([("happy", 15L), ("sad", 5L)], report.Column("m").Top!.Values.Select(value => (value.Value, value.Count)));
        Assert.Equal(("small", "20", 10.5), (report.Column("s").Type, report.Column("s").Max, report.Column("s").Numbers!.Mean));
        Assert.Equal(new BooleanFigures(6, 14), report.Column("yes").Booleans);
        Assert.Equal(new LengthFigures(2, 40, 21), report.Column("raw").Lengths);
        Assert.All(["p", "raw", "id", "doc", "tags", "cash", "net"], name => Assert.Equal(20, report.Column(name).Distinct.Value));
        Assert.Equal("""{"n": 1}""".Length, report.Column("doc").Lengths!.Min);
    }

    [Theory]
    [InlineData("pg_catalog.pg_proc")]
    [InlineData("pg_catalog.pg_attribute")]
    [InlineData("pg_catalog.pg_statistic")]
    [InlineData("pg_catalog.pg_class")]
    [InlineData("pg_catalog.pg_stats")]
    [InlineData("information_schema.columns")]
    public async Task Profile_OfTheCatalog_CountsAsPostgres(string table)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("ANALYZE pg_class");

        var columns = (await database.TableAsync(table)).Columns.Select(column => $"count(\"{column.Name}\"), count(DISTINCT \"{column.Name}\"::text)");
        var counts = $"SELECT ARRAY[{string.Join(", ", columns)}] FROM {table}";
        var (_, report, after) = await Eventually.SeesAsync( // The server's autovacuum analyzes a catalog when it likes, and that changes pg_statistic.
            async () => (Before: await database.QueryAsync<long[]>(counts), Report: await database.TableAsync(table), After: await database.QueryAsync<long[]>(counts)),
            seen => seen.Before.SequenceEqual(seen.After));

        Assert.Equal(after, report.Columns.SelectMany(column => (long[])[column.Count, column.Distinct.Value]));
    }

    [Fact]
    public async Task Profile_OfHugeValues_MeasuresAndShortensThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE t AS SELECT repeat('é', 1500000 + n % 2) AS big, repeat('é', 200) AS middle, repeat('ab', 700000)::bytea AS raw FROM generate_series(1, 6) n
            """);

        var report = await database.TableAsync("t");

        Assert.Equal(new LengthFigures(1_500_000, 1_500_001, 1_500_000.5), report.Column("big").Lengths);
        Assert.Equal(2, report.Column("big").Distinct.Value);
        Assert.All(report.Column("big").Top!.Values, value => Assert.Equal((new string('é', 128), 3L, true), (value.Value, value.Count, value.Shortened)));
        Assert.Equal(new string('é', 128), Assert.Single(report.Column("middle").Top!.Values).Value);
        Assert.Equal(new LengthFigures(1_400_000, 1_400_000, 1_400_000), report.Column("raw").Lengths);
        Assert.Equal(1, report.Column("raw").Distinct.Value);
    }

    private static void NothingIn(ColumnProfile column)
    {
        Assert.Equal((0L, 0L), (column.Count, column.Distinct.Value));
        Assert.True(column is { Min: null, Max: null, Lengths: null });
        Assert.True(column.Numbers is null or { Mean: null, StandardDeviation: null, Quantiles: null, Histogram: null });
    }
}
