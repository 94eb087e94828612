using System.Globalization;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfBinsTests
{
    [Theory]
    [InlineData("SELECT (16777216 + n % 4 * 2)::real AS x", 7)] // Reals are two apart there, the edges are not.
    [InlineData("SELECT ((n * 7919) % 1000 / 10.0)::real AS x", 20)]
    [InlineData("SELECT (1000000 + n % 8 / 16.0)::real AS x", 200)]
    [InlineData("SELECT (123456790 + n % 2 * 8)::real AS x", 200)] // Its text ends with 90, its double with 92.
    [InlineData("SELECT ((n % 9)::text || 'e30')::real AS x", 5)]
    [InlineData("SELECT (23 + n % 25)::numeric / 10 AS x", 24)]
    [InlineData("SELECT round((sin(n) * 100)::numeric, 2) AS x", 200)]
    [InlineData("SELECT (n * 7919) % 1009 AS x", 7)]
    public async Task Bins_OfNumbers_CountWhatPostgresCountsBetweenTheirEdges(string rows, int bins)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"CREATE TABLE t AS {rows} FROM generate_series(1, 1000) n");

        var column = (await database.TableAsync("t", $""","bins":{bins}""")).Column("x");

        var found = column.Numbers!.Histogram!.Bins;
        var edges = found.Select(bin => bin.From).Append(found[^1].To).Select(edge => edge.ToString("R", CultureInfo.InvariantCulture));
        Assert.Equal(await CountsAsync(database, "x::text::numeric", "numeric", [.. edges]), found.Select(bin => bin.Count));
        Assert.Equal(1000, found.Sum(bin => bin.Count));
        Assert.InRange(found.Count, 1, bins);
    }

    [Theory]
    [InlineData("date", "'1970-01-01'::date + CASE n % 3 WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE 3 END", 2)]
    [InlineData("date", "'1969-12-01'::date + n", 40)]
    [InlineData("timestamp", "'2024-02-28 23:00'::timestamp + n * '1.7 seconds'::interval", 20)]
    [InlineData("timestamp", "'9000-01-01'::timestamp + n * '1 year'::interval - '1 microsecond'::interval", 20)] // Doubles are 32 microseconds apart there.
    [InlineData("timestamp", "'1500-01-01'::timestamp - n * '1 day'::interval - '1 microsecond'::interval", 200)]
    [InlineData("timestamp", "'9999-12-31 23:59:59.9999'::timestamp + n % 100 * '1 microsecond'::interval", 20)]
    [InlineData("timestamp", "'4713-01-01 BC'::timestamp + n * '3 years'::interval", 20)] // The beginning of its round bin is no timestamp.
    [InlineData("date", "'4713-01-01 BC'::date + n * 1000", 20)]
    [InlineData("timestamp", "'294276-12-31 23:59:59'::timestamp - n * '1 year'::interval", 7)]
    [InlineData("timestamptz", "'1999-12-31 22:30Z'::timestamptz + n * '17 minutes'::interval", 20)]
    [InlineData("time", "'23:59:59.999999'::time - n * '77 seconds'::interval", 20)]
    [InlineData("interval", "n * '7 hours'::interval - '40 days'::interval", 13)]
    public async Task Bins_OfTimes_CountWhatPostgresCountsBetweenTheirEdges(string type, string value, int bins)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"CREATE TABLE t AS SELECT ({value})::{type} AS x FROM generate_series(1, 1000) n");

        var column = (await database.TableAsync("t", $""","bins":{bins}""")).Column("x");

        var found = column.Times!.Histogram!.Bins;
        Assert.Equal(await CountsAsync(database, "x", type, [.. found.Select(bin => bin.From), found[^1].To]), found.Select(bin => bin.Count));
        Assert.Equal(1000, found.Sum(bin => bin.Count));
        Assert.InRange(found.Count, 1, bins);
    }

    /// <summary>PostgreSQL's counts in <c>[from, to)</c>, the last with its end.</summary>
    private static async Task<long[]> CountsAsync(TestDatabase database, string value, string type, IReadOnlyList<string> edges)
    {
        var bins = Enumerable.Range(1, edges.Count - 1).Select(i =>
            $"count(*) FILTER (WHERE {value} >= '{edges[i - 1]}'::{type} AND {value} {(i == edges.Count - 1 ? "<=" : "<")} '{edges[i]}'::{type})");
        return await database.QueryAsync<long[]>($"SELECT ARRAY[{string.Join(", ", bins)}] FROM t");
    }
}
