using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

/// <summary>Whatever is posted to <c>profile</c> has a clear end, and the next job runs.</summary>
public sealed class ProfileOverHttpTests : IAsyncLifetime
{
    private const string Accepted = "succeeded";

    private static readonly Dictionary<string, (string Sql, string Body, string End)> Table = new(StringComparer.Ordinal)
    {
        ["unknown table"] = ("", """{"table":"nowhere"}""", "unknown-table"),
        ["unknown schema"] = ("", """{"table":"nowhere.t"}""", "unknown-table"),
        ["unknown column"] = ("create table t (n int)", """{"table":"t","columns":["m"]}""", "unknown-column"),
        ["index"] = ("create table t (n int primary key)", """{"table":"t_pkey"}""", "unknown-table"),
        ["view"] = ("create view t as select 1 as n", """{"table":"t"}""", Accepted),
        ["partitioned table"] = ("create table t (n int) partition by list (n); create table t1 partition of t for values in (1)", """{"table":"t"}""", Accepted),
        ["materialized view"] = ("create materialized view t as select 1 as n", """{"table":"t"}""", Accepted),
        ["materialized view never filled"] = ("create materialized view t as select 1 as n with no data", """{"table":"t"}""", "not-readable"),
        ["empty table"] = ("create table t (n int, word text)", """{"table":"t"}""", Accepted),
        ["table without columns"] = ("create table t (); insert into t default values", """{"table":"t"}""", Accepted),
        ["nothing but nulls"] = ("create table t (n numeric, word text, at timestamptz); insert into t default values", """{"table":"t"}""", Accepted),
        ["numbers that are none"] = ("create table t as select 'NaN'::float8 as f, '-Infinity'::numeric as n union all select 'Infinity', 1e400", """{"table":"t"}""", Accepted),
        ["long text"] = ("create table t as select repeat('äbc ', 3000000) as word", """{"table":"t"}""", Accepted),
        ["1,600 columns"] = ($"create table t ({string.Join(',', Enumerable.Range(0, 1600).Select(i => $"c{i} text"))}); insert into t default values", """{"table":"t","top":100,"bins":200}""", Accepted),
        ["odd names"] = ("create schema \"we\"\"ird Schema\"; create table \"we\"\"ird Schema\".\"täble ☃\" (\"a\"\"b; --\" int); grant usage on schema \"we\"\"ird Schema\" to slowlane_job; grant select on all tables in schema \"we\"\"ird Schema\" to slowlane_job", """{"table":"\"we\"\"ird Schema\".\"täble ☃\""}""", Accepted),
        ["view whose function raises a code of its own"] = (Raising("ZZ999"), """{"table":"t"}""", "table-fails"),
        ["view whose function raises a code of an outage"] = (Raising("57P01"), """{"table":"t"}""", "table-fails"),
        ["view whose function raises a code of another server"] = (Raising("08006"), """{"table":"t"}""", "table-fails"),
        ["view whose function raises a code of a conflict"] = (Raising("40001"), """{"table":"t"}""", "table-fails"),
        ["view that fails half-way"] = ("create view t as select 1 / (n - 150000) as x from generate_series(1, 200000) n", """{"table":"t"}""", "table-fails"),
        ["no permission"] = ("create function t() returns int language plpgsql as $$ begin raise insufficient_privilege; end $$; create view v as select t()", """{"table":"v"}""", "not-permitted"),
        ["no grant"] = ("create table t (n int); revoke select on t from slowlane_job", """{"table":"t"}""", "not-readable"),
        ["no grant on the schema"] = ("create schema s; create table s.t (n int)", """{"table":"s.t"}""", "not-readable"),
        ["Slowlane's own table"] = ("", """{"table":"slowlane.job"}""", "not-readable"),
        ["no rows"] = ("", """{"rows":[]}""", "invalid-input"),
        ["some rows"] = ("create table t as select n, 'x' as word from generate_series(1, 9) n", """{"table":"t","where":{"n":[1,2,null],"word":"x"}}""", Accepted),
        ["sample and first rows"] = ("create table t as select n from generate_series(1, 9) n", """{"table":"t","sample":0.5,"firstRows":20}""", Accepted),
        ["sample of a view"] = ("create view t as select 1 as n", """{"table":"t","sample":0.5}""", "no-sample"),
        ["where with SQL"] = ("create table t (n int)", """{"table":"t","where":{"n":"1; drop table t"}}""", "where-value"),
        ["where with an unknown column"] = ("create table t (n int)", """{"table":"t","where":{"n = 1 or true; --":1}}""", "unknown-column"),
        ["where with an operator"] = ("", """{"table":"t","where":{"n":{"gt":1}}}""", "invalid-input"),
        ["rows without fields"] = ("", """{"rows":[{},{}]}""", Accepted),
        ["numbers beyond double"] = ("", """{"rows":[{"n":1e999},{"n":9007199254740993},{"n":-1e-999999}]}""", Accepted),
        ["nested as deep as JSON may be"] = ("", $$"""{"rows":[{"a":{{new string('[', 61)}}{{new string(']', 61)}}}]}""", Accepted),
        ["nested too deep"] = ("", $$"""{"rows":[{"a":{{new string('[', 62)}}{{new string(']', 62)}}}]}""", "not-json"),
        ["NUL in a text"] = ("", """{"rows":[{"a":"\u0000"}]}""", "invalid-input"),
        ["lone surrogate in a text"] = ("", """{"rows":[{"a":"\ud800"}]}""", "invalid-input"),
        ["lone surrogate in a nested text"] = ("", """{"rows":[{"a":{"b":"\ud800"}}]}""", "invalid-input"),
        ["lone surrogate in a nested name"] = ("", """{"rows":[{"a":{"\ud800":1}}]}""", "not-json"),
        ["thousands of fields"] = ("", $$"""{"rows":[{{{string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"k{i}\":1"))}}}]}""", "invalid-input"),
        ["almost a mebibyte of rows"] = ("", $$"""{"rows":[{{string.Join(',', Enumerable.Repeat("""{"word":"0123456789"}""", 47_000))}}]}""", Accepted),
        ["not JSON"] = ("", "table=t", "not-json"),
        ["not an object"] = ("", """["t"]""", "invalid-input"),
        ["wrong types"] = ("", """{"table":["t"],"columns":"n","top":"ten","bins":1.5}""", "invalid-input"),
    };

    private SlowlaneApp _app = null!;

    private static string Raising(string code)
        => $"create function raise_error() returns int language plpgsql as $$ begin raise exception 'of its own' using errcode = '{code}'; end $$; create view t as select raise_error() as n";

    public static TheoryData<string> Cases => [.. Table.Keys];

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Profile_OfAnything_EndsClearlyAndTheNextJobRuns(string name)
    {
        var (sql, body, end) = Table[name];
        await _app.Database.ExecuteAsync($"select 1; {sql}");

        Assert.Equal(end, await EndOfAsync(body));
        Assert.Equal(Accepted, await EndOfAsync("""{"rows":[{"n":1}]}"""));
    }

    [Fact]
    public async Task Profile_OfALockedTable_SaysSoAndRunsOnceTheLockIsGone()
    {
        await _app.Database.ExecuteAsync("create table t as select 1 as n");
        await using var locker = await OpenTransaction.BeginAsync(_app.Database, "lock table t in access exclusive mode");
        var location = await _app.SubmitAsync("profile", """{"table":"t"}""");

        var status = await Eventually.SeesAsync(() => _app.Client.GetFromJsonAsync<JsonElement>(new Uri($"{location}?wait=1", UriKind.Relative), Cancellation), status => status.GetProperty("error").ValueKind != JsonValueKind.Null);

        Assert.Equal("table-locked", status.GetProperty("error").GetProperty("type").GetString());
        await locker.RollbackAsync();
        Assert.Equal(Accepted, (await _app.FinishedAsync(location)).GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("truncate t; insert into t select n from generate_series(1, 500) n", "t", 1)]
    [InlineData("truncate t; insert into t select n from generate_series(1, 500) n", "t", 2)]
    [InlineData("truncate t; insert into t select n from generate_series(1, 500) n", "v", 1)]
    [InlineData("drop view v; drop materialized view m; alter table t alter n type bigint; delete from t where n > 500", "t", 1)]
    [InlineData("delete from t where n > 500; refresh materialized view m", "m", 1)]
    [InlineData("drop table p1; create table p1 partition of p for values from (1) to (2000); insert into p select n from generate_series(1, 500) n", "p", 1)]
    public async Task Profile_OfATableThatIsRewrittenMeanwhile_HasTheRowsOfASnapshot(string rewrite, string name, int partitions)
    {
        await _app.Database.ExecuteAsync("create table t as select n from generate_series(1, 1000) n; create view v as select * from t; create materialized view m as select * from t; create table p (n bigint) partition by range (n); create table p1 partition of p for values from (1) to (2000); insert into p select n from t; grant select on t, v, m, p to slowlane_job");
        await using var writer = await OpenTransaction.BeginAsync(_app.Database, rewrite);
        var location = await _app.SubmitAsync("profile", $$"""{"table":"{{name}}","partitions":{{partitions}}}""");
        await Eventually.HoldsAsync(async () => await _app.Database.QueryAsync<bool>("select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"));

        await writer.CommitAsync();

        Assert.Equal(Accepted, (await _app.FinishedAsync(location)).GetProperty("status").GetString());
        var result = await _app.Client.GetFromJsonAsync<JsonElement>(new Uri(location + "/result", UriKind.Relative), Cancellation);
        Assert.Equal(500, result.GetProperty("rowCount").GetInt64());
    }

    [Fact]
    public async Task Job_ThatTakesLong_ShowsItsProgress()
    {
        var location = await _app.SubmitAsync("spin", """{"id":1,"spin_ms":60000}""");

        var status = await Eventually.SeesAsync(() => _app.Client.GetFromJsonAsync<JsonElement>(new Uri($"{location}?wait=1", UriKind.Relative), Cancellation), status => status.GetProperty("progress").ValueKind != JsonValueKind.Null);

        Assert.Equal("running", status.GetProperty("status").GetString());
        Assert.InRange(status.GetProperty("progress").GetDouble(), double.Epsilon, 0.9);
    }

    [Theory]
    [InlineData("i")]
    [InlineData("b")]
    [InlineData("f")]
    [InlineData("d")]
    [InlineData("w", " collate \"C\"")]
    [InlineData("at")]
    [InlineData("yes")]
    public async Task Result_IsWhatPostgresSays(string column, string order = "")
    {
        await _app.Database.ExecuteAsync("""
            create table t as select n::int as i, n * 1000003::bigint % 8191 as b, sin(n) as f, (n % 1000)::numeric / 8 as d,
                case when n % 7 > 0 then 'word ' || n % 50 end as w, timestamp '2020-01-01' + n * interval '1 min' as at, n % 3 = 0 as yes
            from generate_series(1, 20000) n
            """);
        using var response = await _app.PostAsync("/api/profile?wait=60", $$"""{"table":"t","columns":["{{column}}"],"top":3}""");
        var figures = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("columns")[0];

        Assert.Equal(await AskAsync($"select count({column}) || ' ' || count(*) - count({column}) || ' ' || count(distinct {column}) from t"),
            $"{figures.GetProperty("count")} {figures.GetProperty("nulls")} {figures.GetProperty("distinct").GetProperty("value")}");
        if (figures.TryGetProperty("booleans", out var booleans))
        {
            Assert.Equal(await AskAsync("select count(*) filter (where yes)::text from t"), booleans.GetProperty("true").ToString());
            return;
        }

        Assert.Equal(await AskAsync($"select min({column}{order}) || '|' || max({column}{order}) from t"), $"{figures.GetProperty("min").GetString()}|{figures.GetProperty("max").GetString()}");
        if (figures.TryGetProperty("top", out var top))
        {
            var counts = top.GetProperty("values").EnumerateArray().Select(item => item.GetProperty("count").GetInt64());
            Assert.Equal(await AskAsync($"select string_agg(c::text, ' ') from (select count(*) c from t where {column} is not null group by {column} order by 1 desc limit 3) x"), string.Join(' ', counts));
        }

        if (figures.TryGetProperty("numbers", out var numbers))
        {
            await CloseAsync($"select avg({column})::float8 from t", numbers.GetProperty("mean"));
            await CloseAsync($"select stddev_samp({column})::float8 from t", numbers.GetProperty("standardDeviation"));
            await CloseAsync($"select percentile_cont(0.25) within group (order by {column}::float8) from t", numbers.GetProperty("quantiles").GetProperty("q1"));
            await CloseAsync($"select percentile_cont(0.5) within group (order by {column}::float8) from t", numbers.GetProperty("quantiles").GetProperty("median"));
            await CloseAsync($"select percentile_cont(0.75) within group (order by {column}::float8) from t", numbers.GetProperty("quantiles").GetProperty("q3"));
        }
    }

    /// <summary>The status or the error's code, or the code of the problem that refused it.</summary>
    private async Task<string> EndOfAsync(string body)
    {
        using var response = await _app.PostAsync("/api/profile", body);
        if (response.StatusCode != HttpStatusCode.Accepted)
        {
            var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            return problem.GetProperty("type").GetString()!["urn:slowlane:problem:".Length..];
        }

        var status = await _app.FinishedAsync(response.Headers.Location!.OriginalString);
        return status.GetProperty("error") is { ValueKind: JsonValueKind.Object } error ? error.GetProperty("type").GetString()! : status.GetProperty("status").GetString()!;
    }

    private Task<string> AskAsync(string sql) => _app.Database.QueryAsync<string>(sql);

    private async Task CloseAsync(string sql, JsonElement figure)
    {
        var expected = await _app.Database.QueryAsync<double>(sql);
        Assert.Equal(expected, figure.GetDouble(), Math.Max(Math.Abs(expected), 1) * 1e-12);
    }
}
