using Slowlane.Profiling;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class ProfileOfFiguresTests
{
    private const string Numbers = """
        create table t as select
            case when n % 7 = 0 then null else (n * 37 % 1000 - 300)::smallint end as small,
            (n::bigint * 1000000007 % 9000000000) as big,
            exp(sin(n) * 9) - 1 as double,
            round((cos(n) * 100)::numeric, n % 3) as decimal
        from generate_series(1, 20000) n
        """;

    [Theory]
    [InlineData("repeat('9', d)::numeric")]
    [InlineData("('-' || repeat('7', d))::numeric")]
    [InlineData("('3.' || repeat('7', d))::numeric")]
    public async Task Profile_OfNumericsOfManyDigits_CountsThemAndHasTheirEnds(string number)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create table t as select {number} as n from unnest(array[100, 496, 497, 520, 900, 16000]) d");

        var column = Assert.Single((await database.TableAsync("t")).Columns);

        Assert.Equal(6, column.Distinct.Value);
        Assert.Equal(await database.QueryAsync<string>("select left(min(n)::text, 100) from t"), column.Min![..100]);
        Assert.Equal(await database.QueryAsync<string>("select left(max(n)::text, 100) from t"), column.Max![..100]);
    }

    [Fact]
    public async Task Profile_OfIntervalsOfOnePosition_HasTheFirstAndTheLastOfThem()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t (same interval, far interval); insert into t values ('30 days', '178000000 years'), ('1 mon', '177000000 years'), ('1 mon', '300000 years')");

        var columns = (await database.TableAsync("t")).Columns;

        Assert.Equal(("30 days", "1 mon", 1, true), (columns[0].Min, columns[0].Max, columns[0].Distinct.Value, columns[0].Distinct.Exact));
        Assert.Equal(("300000 years", "178000000 years", false), (columns[1].Min, columns[1].Max, columns[1].Distinct.Exact));
    }

    [Fact]
    public async Task Profile_OfNumbers_HasTheirSumTheirShapeAndTheirEnds()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        foreach (var column in (await database.TableAsync("t")).Columns)
        {
            var (name, numbers) = ($"\"{column.Name}\"", column.Numbers!);
            var exact = $"(select {name}::float8::text::numeric as v from t where {name} is not null) as t";
            Near(await database.QueryAsync<double>($"select sum(v)::float8 from {exact}"), numbers.Sum);
            var shape = await database.QueryAsync<double[]>($"""
                with mean as (select count(v)::numeric as n, avg(v) as mean from {exact}),
                powers as (select sum(d * d) as s2, sum(d * d * d) as s3, sum(d * d * d * d) as s4 from (select v - mean as d from {exact}, mean) as d)
                select array[
                    sqrt(n * (n - 1)) / (n - 2) * (s3 / n) / power(s2 / n, 1.5),
                    (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * n * s4 / (s2 * s2) - 3 * (n - 1))]::float8[] from mean, powers
                """);
            Near(shape[0], numbers.Skewness);
            Near(shape[1], numbers.Kurtosis);
            Assert.Equal(await database.QueryAsync<long>($"select count(*) from t where {name} = 0"), numbers.Zeros);
            Assert.Equal(await database.QueryAsync<long>($"select count(*) from t where {name} < 0"), numbers.Negatives);
            Assert.Equal(await EndsAsync(database, name, "asc"), numbers.Smallest);
            Assert.Equal(await EndsAsync(database, name, "desc"), numbers.Largest);
        }
    }

    [Fact]
    public async Task Profile_OfNumbers_HasThePercentilesAndOutliersOfPostgres()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync(Numbers);

        foreach (var column in (await database.TableAsync("t")).Columns)
        {
            var (name, figures) = ($"\"{column.Name}\"::float8", column.Numbers!);
            var q = await database.QueryAsync<double[]>($"select percentile_cont(array[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) within group (order by {name}) from t");
            Assert.Equal(new QuantileFigures<double>(q[0], q[1], q[2], q[3], q[4], q[5], q[6], true, "sorted-values", 0), figures.Quantiles); // To the last bit.
            var outliers = await database.QueryAsync<long>($"""
                select count(*) from t, (select percentile_cont(0.25) within group (order by {name}) as q1, percentile_cont(0.75) within group (order by {name}) as q3 from t) as q
                where {name} < q1 - 1.5 * (q3 - q1) or {name} > q3 + 1.5 * (q3 - q1)
                """);
            Assert.Equal((outliers, true, 0), (figures.Outliers!.Count, figures.Outliers.Exact, figures.Outliers.CountError));
        }
    }

    [Fact]
    public async Task Outliers_OfMoreDistinctNumbersThanAreCounted_AreWithinTheirError()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select exp(sin(n) * 9 + n / 1e6) as v from generate_series(1, 200000) n");

        var numbers = Assert.Single((await database.TableAsync("t")).Columns).Numbers!;

        Assert.False(numbers.Outliers!.Exact);
        var outliers = await database.QueryAsync<long>(FormattableString.Invariant($"select count(*) from t where v < {numbers.Outliers.Below:R} or v > {numbers.Outliers.Above:R}"));
        Assert.InRange(numbers.Outliers.Count, outliers - (numbers.Outliers.CountError * 200_000), outliers + (numbers.Outliers.CountError * 200_000));
        Assert.InRange(numbers.Outliers.CountError, 0.0001, 0.01);
        Assert.Equal(await EndsAsync(database, "v", "desc"), numbers.Largest); // Exact however many there are.
    }

    [Theory]
    [InlineData("date '2013-01-01' + n % 700", "date")]
    [InlineData("timestamp '1969-12-01' + n * interval '7919 seconds 1 microsecond'", "timestamp")]
    [InlineData("time '00:00' + n * interval '7919 seconds'", "time")]
    public async Task Profile_OfTimes_HasTheirMeanAndPercentiles(string value, string type)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create table t as select ({value})::{type} as v from generate_series(1, 5000) n union all select null");

        var times = Assert.Single((await database.TableAsync("t")).Columns).Times!;

        var q = await database.QueryAsync<string[]>("select percentile_disc(array[0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]) within group (order by v)::text[] from t");
        Assert.Equal(new QuantileFigures<string>(q[0], q[1], q[2], q[3], q[4], q[5], q[6], true, "sorted-values", 0), times.Quantiles);
        var mean = type switch
        {
            "date" => "date '2000-01-01' + floor(avg(v - date '2000-01-01') + 0.5)::int",
            "time" => "time '00:00' + avg(v - time '00:00')",
            _ => "timestamp '2000-01-01' + floor(avg(extract(epoch from v - timestamp '2000-01-01')) * 1000000 + 0.5) * interval '1 microsecond'",
        };
        Assert.Equal(await database.QueryAsync<string>($"select ({mean})::text from t"), times.Mean);
    }

    [Fact]
    public async Task Profile_OfTexts_CountsThoseWithoutContentAndThoseWithSpaceAroundIt()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table t as select v from unnest(array['', '', ' ', E'\t\n', U&'\00A0\3000', ' a', 'a ', U&'é\2003', 'a b', 'é', '漢字', null,
                repeat('x', 200000) || ' ', repeat('x', 200000), ' ' || repeat('x', 200000)]) as v
            """);

        var column = Assert.Single((await database.TableAsync("t")).Columns);

        Assert.Equal(new SpaceFigures(2, 3, 5), column.Spaces);
        Assert.Equal(["blank", "untrimmed"], [.. Alerts()]);

        IEnumerable<string> Alerts() => Slowlane.Profiling.Alerts.AlertRules.Of([column]).Select(alert => alert.Rule).Where(rule => rule is "blank" or "untrimmed");
    }

    private static async Task<NumberCount[]> EndsAsync(TestDatabase database, string name, string order)
    {
        var values = await database.QueryAsync<double[]>($"select array_agg(v) from (select {name}::float8 as v from t where {name} is not null group by v order by v {order} limit 5) as v");
        var counts = await database.QueryAsync<long[]>($"select array_agg(n) from (select count(*) as n from t where {name} is not null group by {name}::float8 order by {name}::float8 {order} limit 5) as v");
        return [.. values.Zip(counts, (value, count) => new NumberCount(value, count))];
    }

    private static void Near(double expected, double? actual) => Assert.Equal(expected, actual!.Value, Math.Abs(expected) * 1e-12);
}
