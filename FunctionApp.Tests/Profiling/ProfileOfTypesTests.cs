using System.Globalization;
using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfTypesTests
{
    private const string Numbers = """
        CREATE TABLE t AS SELECT
            CASE WHEN n % 7 = 0 THEN NULL ELSE (n * 37 % 1000)::smallint END AS small,
            (n * 7919 % 100003) - 50000 AS whole,
            (n::bigint * 1000000007 % 9000000000) AS big,
            (sin(n) * 1000)::real AS single,
            exp(sin(n) * 20) AS double,
            round((cos(n) * 10000)::numeric, n % 5) AS decimal
        FROM generate_series(1, 20000) n
        """;

    [Fact]
    public async Task Profile_OfNumbers_EqualsPostgresAggregates()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        var report = await database.TableAsync("t", """,  "bins":7""");

        Assert.Equal(20_000, report.RowCount);
        foreach (var column in report.Columns)
        {
            var name = $"\"{column.Name}\"";
            var numbers = column.Numbers!;
            Assert.Equal(await database.QueryAsync<long>($"SELECT count({name}) FROM t"), column.Count);
            Assert.Equal(20_000 - column.Count, column.Nulls);
            Assert.Equal(await database.QueryAsync<long>($"SELECT count(DISTINCT {name}) FROM t"), column.Distinct.Value);
            Assert.True(column.Distinct.Exact);
            Assert.Equal(await database.QueryAsync<string>($"SELECT min({name})::text FROM t"), column.Min);
            Assert.Equal(await database.QueryAsync<string>($"SELECT max({name})::text FROM t"), column.Max);
            Near(await database.QueryAsync<double>($"SELECT avg({name}::float8) FROM t"), numbers.Mean);
            Near(await database.QueryAsync<double>($"SELECT stddev_samp({name}::float8) FROM t"), numbers.StandardDeviation);
            var quartiles = await database.QueryAsync<double[]>($"SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY {name}::float8) FROM t");
            Assert.Equal((quartiles[0], quartiles[1], quartiles[2]), (numbers.Quantiles!.Q1, numbers.Quantiles.Median, numbers.Quantiles.Q3)); // To the last bit.
            Assert.True(numbers.Quantiles.Exact);
            Assert.Equal(await BinsAsync(database, name, column.Type, numbers.Histogram!), numbers.Histogram!.Bins.Select(bin => bin.Count));
        }
    }

    [Fact]
    public async Task Profile_OfTexts_EqualsPostgresAggregates()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            CREATE TABLE t AS SELECT repeat('é😀a', n % 5) || CASE WHEN n % 3 = 0 THEN 'x' ELSE (n % 50)::text END AS word,
                (n % 30)::text::char(10) AS padded
            FROM generate_series(1, 5000) n
            """);

        var report = await database.TableAsync("t", ""","top":5""");

        foreach (var column in report.Columns)
        {
            Assert.Equal(await database.QueryAsync<long>($"SELECT count(DISTINCT {column.Name}) FROM t"), column.Distinct.Value);
            Assert.Equal(await database.QueryAsync<string>($"SELECT min({column.Name}::text COLLATE \"C\") FROM t"), column.Min);
            Assert.Equal(await database.QueryAsync<string>($"SELECT max({column.Name}::text COLLATE \"C\") FROM t"), column.Max);
            Assert.Equal(await database.QueryAsync<int>($"SELECT min(length({column.Name})) FROM t"), column.Lengths!.Min);
            Assert.Equal(await database.QueryAsync<int>($"SELECT max(length({column.Name})) FROM t"), column.Lengths.Max);
            Near(await database.QueryAsync<double>($"SELECT avg(length({column.Name}))::float8 FROM t"), column.Lengths.Mean);
            var top = await database.QueryAsync<string[]>($"""
                SELECT array_agg(v || ':' || n) FROM (SELECT {column.Name}::text AS v, count(*) AS n FROM t GROUP BY 1 ORDER BY n DESC, {column.Name}::text COLLATE "C" LIMIT 5) s
                """);
            Assert.Equal(top, column.Top!.Values.Select(value => $"{value.Value}:{value.Count}"), StringComparer.Ordinal);
            Assert.True(column.Top.Exact);
        }
    }

    /// <summary>Counts between the printed edges, in the column's own type.</summary>
    private static async Task<IEnumerable<long>> BinsAsync(TestDatabase database, string name, string type, Histogram<double, double?> histogram)
    {
        var compared = type is "real" or "numeric" ? type : "float8";
        var edges = string.Join(", ", histogram.Bins.Select(bin => bin.From.ToString("R", CultureInfo.InvariantCulture)));
        var sql = $"""
            SELECT array_agg((SELECT count(*) FROM t WHERE width_bucket({name}::{compared}, ARRAY[{edges}]::{compared}[]) = bin) ORDER BY bin)
            FROM generate_series(1, {histogram.Bins.Count}) bin
            """;
        return await database.QueryAsync<long[]>(sql);
    }

    private static void Near(double expected, double? actual)
        => Assert.True(Math.Abs(expected - actual!.Value) <= 1e-12 * Math.Max(1, Math.Abs(expected)), string.Create(CultureInfo.InvariantCulture, $"{actual:R} is not {expected:R}"));
}
