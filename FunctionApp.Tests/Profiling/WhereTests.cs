using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Profiling.Sources;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling;

public sealed class WhereTests
{
    [Theory]
    [InlineData("""{"n":7}""", "n = 7")]
    [InlineData("""{"n":"7"}""", "n = 7")]
    [InlineData("""{"n":[1,2,3,null]}""", "n in (1, 2, 3) or n is null")]
    [InlineData("""{"n":null}""", "n is null")]
    [InlineData("""{"n":[null]}""", "n is null")]
    [InlineData("""{"n":[null,null,5,5]}""", "n is null or n = 5")]
    [InlineData("""{"n":3,"odd":true}""", "n = 3 and odd")]
    [InlineData("""{"n":2,"odd":true}""", "false")]
    [InlineData("""{"odd":"no"}""", "not odd")]
    [InlineData("""{"price":4.50}""", "price = 4.5")]
    [InlineData("""{"price":4.501}""", "false")]
    [InlineData("""{"ratio":"NaN"}""", "ratio = 'NaN'")]
    [InlineData("""{"word":"w1"}""", "word = 'w1'")]
    [InlineData("""{"word":""}""", "word = ''")]
    [InlineData("""{"short":"abcdef"}""", "false")]
    [InlineData("""{"short":"abc"}""", "short = 'abc'")]
    [InlineData("""{"padded":"x"}""", "padded = 'x'")]
    [InlineData("""{"letter":"r"}""", "letter = 'r'")]
    [InlineData("""{"day":["2020-01-03","2020-01-05"]}""", "day in ('2020-01-03', '2020-01-05')")]
    [InlineData("""{"at":"2020-01-01 02:00:00+00"}""", "at = '2020-01-01 02:00:00+00'")]
    [InlineData("""{"span":"1 day 24:00"}""", "span = '2 days'")]
    [InlineData("""{"mood":["happy","sad"]}""", "mood in ('happy', 'sad')")]
    [InlineData("""{"small":[4,5]}""", "small in (4, 5)")]
    [InlineData("""{"id":"C4CA4238-A0B9-2382-0DCC-509A6F75849B"}""", "id = md5('1')::uuid")]
    [InlineData("""{"raw":"\\x3031"}""", "raw = '\\x3031'")]
    [InlineData("""{"doc":"{\"b\": 1, \"a\":2}"}""", "doc = '{\"a\":2,\"b\":1}'")]
    [InlineData("""{"tags":["{1}","{2}"]}""", "tags in ('{1}', '{2}')")]
    [InlineData("""{"bits":["101","1010"]}""", "bits = '101'")]
    [InlineData("""{"Größe \"x\"; --":1}""", "n = 1")]
    public async Task Profile_WithWhere_IsOfTheRowsThatPostgresFinds(string where, string condition)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create type mood as enum ('happy', 'sad', 'neither'); create domain small as int check (value < 10); create domain smaller as small;
            create table t as select nullif(n, 9) as n, n % 2 = 1 as odd, n * 1.50 as price, case when n > 7 then 'NaN'::float8 else n end as ratio, case when n < 9 then 'w' || n else '' end as word,
                'abc'::varchar(3) as short, 'x'::char(5) as padded, 'r'::"char" as letter, date '2020-01-01' + n as day, timestamptz '2020-01-01Z' + n * interval '1 h' as at,
                n * interval '1 day' as span, (enum_range(null::mood))[n % 3 + 1] as mood, n::smaller as small, md5(n::text)::uuid as id, decode('3031', 'hex') as raw,
                case when n % 2 = 0 then '{"a":2,"b":1}'::jsonb end as doc, array[n % 4] as tags, (n % 8)::bit(3) as bits, n as "Größe ""x""; --"
            from generate_series(1, 9) n
            """);

        var report = await database.ProfileAsync($$"""{"table":"t","where":{{where}}}""");

        Assert.Equal(await database.QueryAsync<long>($"select count(*) from t where {condition}"), report.RowCount);
        Assert.Equal(JsonSerializer.Serialize(JsonElement.Parse(where)), JsonSerializer.Serialize(report.Where));
    }

    [Theory]
    [InlineData("public.seen", "view")]
    [InlineData("public.kept", "materialized view")]
    [InlineData("public.parts", "partitioned table")]
    public async Task Profile_WithWhere_OfWhatIsReadLikeATable_IsOfThoseRows(string table, string kind)
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("""
            create table parts (n int, word text) partition by range (n); create table part1 partition of parts for values from (0) to (50); create table part2 partition of parts default;
            insert into parts select n, 'w' || n % 10 from generate_series(1, 100) n;
            create view seen as select distinct n, word from parts; create materialized view kept as select * from parts
            """);

        var report = await database.TableAsync(table, ""","where":{"word":["w3","w4"]},"columns":["n"]""");

        Assert.Equal((kind, 20L, "3", "94"), (report.Kind, report.RowCount, report.Columns[0].Min, report.Columns[0].Max));
    }

    [Theory]
    [InlineData("'; drop table t; --")]
    [InlineData("\\'; drop table t; --")]
    [InlineData("') or true --")]
    [InlineData("$1")]
    [InlineData("$$; drop table t; $$")]
    [InlineData("{\"a\", null}")]
    [InlineData("\"; select pg_sleep(100)")]
    [InlineData("w%")]
    [InlineData("null")]
    public async Task Text_ThatLooksLikeSql_IsAValueOrANameAndNothingElse(string text)
    {
        await using var database = await TestDatabase.CreateAsync();
        var quoted = text.Replace("\"", "\"\"", StringComparison.Ordinal);
        await database.ExecuteAsync($"create table t (\"{quoted}\" text, n int)");
        await using var insert = database.Source.CreateCommand("insert into t values ($1, 1), ('w1', 2), (null, 3)");
        insert.Parameters.Add(new Npgsql.NpgsqlParameter { Value = text });
        await insert.ExecuteNonQueryAsync(Cancellation);
        var json = JsonSerializer.Serialize(text);

        var report = await database.TableAsync("t", $$""","where":{{{json}}:[{{json}}]}""");
        var wrongName = await Assert.ThrowsAsync<JobException>(() => database.TableAsync("t", $$""","where":{{{JsonSerializer.Serialize(text + " ")}}:1}"""));
        var wrongValue = await Assert.ThrowsAsync<JobException>(() => database.TableAsync("t", $$""","where":{"n":{{json}}}"""));

        Assert.Equal((1L, text), (report.RowCount, report.Columns[0].Min));
        Assert.Equal(("unknown-column", "where-value"), (wrongName.Code, wrongValue.Code));
        Assert.Equal(3L, await database.QueryAsync<long>("select count(*) from t"));
    }

    [Fact]
    public async Task Where_OfUnknownColumns_NamesThemAndTheNearest()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t (country text, year int)");

        var failure = await Assert.ThrowsAsync<JobException>(() => database.TableAsync("t", ""","columns":["yer"],"where":{"contry":"NL","ctid":"(0,1)","yer":1}"""));

        Assert.Equal("unknown-column", failure.Code);
        Assert.Contains("has no column 'yer', 'contry', 'ctid' (nearest: 'year', 'country')", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_OfValuesThatTheirTypesCannotRead_NamesEachOne()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create type mood as enum ('happy'); create table t (year int, small smallint, at timestamptz, mood mood, place point, doc json, id uuid)");

        var failure = await Assert.ThrowsAsync<JobException>(() => database.TableAsync(
            "t", $$""","where":{"year":[1,"'; --",2.5,3],"small":99999,"at":"2020-02-30","mood":"sad","place":["(1,2)","x"],"doc":"{}","id":"{{new string('x', 900)}}"}"""));

        Assert.Equal("where-value", failure.Code);
        foreach (var fault in new[]
        {
            "'year' has the type integer, which can't read ''; --'", "'year' has the type integer, which can't read '2.5'", "'small' has the type smallint, which can't read '99999'",
            "'at' has the type timestamp with time zone, which can't read '2020-02-30'", "'mood' has the type mood, which can't read 'sad'",
            "'place' has the type point, whose values can't be compared (operator does not exist: point = point): only null can be asked for",
            "'doc' has the type json, whose values can't be compared", $"'id' has the type uuid, which can't read '{new string('x', 37)}...'",
        })
        {
            Assert.Contains($"the column {fault}", failure.Message, StringComparison.Ordinal);
        }

        Assert.Equal(7, failure.Message.Count(letter => letter == ';') - 1); // One is in a value.
    }

    [Fact]
    public async Task Where_IsNull_IsAllThatATypeWithoutEqualityCanBeAsked()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select case when n > 2 then '{}'::json end as doc from generate_series(1, 5) n");

        Assert.Equal(2, (await database.TableAsync("t", ""","where":{"doc":null}""")).RowCount);
    }

    [Fact]
    public async Task Where_AtItsBounds_IsRead()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync($"create table t ({string.Join(", ", Enumerable.Range(0, WhereInput.MaxColumns).Select(i => $"c{i} text"))}); insert into t default values; insert into t values ('{new string('é', WhereInput.MaxLength)}')");
        var values = string.Join(',', Enumerable.Range(0, WhereInput.MaxValues - 1).Select(i => $"\"{new string('x', 400)}{i}\"").Append("null"));
        var where = string.Join(',', Enumerable.Range(0, WhereInput.MaxColumns).Select(i => $"\"c{i}\":{(i == 0 ? $"\"{new string('é', WhereInput.MaxLength)}\"" : $"[{values}]")}"));

        Assert.Equal(1, (await database.TableAsync("t", $$""","where":{{{where}}}""")).RowCount);
    }

    [Fact]
    public async Task Progress_WithWhere_FollowsThePlannersEstimateOfThoseRows()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n % 4 as k from generate_series(1, 1000) n; analyze t");
        var context = ProfileRun.Context(Cancellation);

        await database.ProfileAsync("""{"table":"t","where":{"k":3}}""", context);

        Assert.Equal(0.99, context.Progress);
    }

    [Fact]
    public async Task Rows_OfWhere_AreReadInOneOrderAndByIndex()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select n, n % 1000 as k, 'w' || n as word from generate_series(1, 200000) n; create index on t (word); analyze t");

        Assert.DoesNotContain("Gather", await PlanAsync("""{"k":3}"""), StringComparison.Ordinal);
        Assert.Contains("Index Scan", await PlanAsync("""{"word":["w3","w4",null]}"""), StringComparison.Ordinal);

        async Task<string> PlanAsync(string where)
        {
            await using var connection = await database.Source.OpenConnectionAsync(Cancellation);
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            var source = await new TableReading(ProfileRun.Parse($$"""{"table":"t","where":{{where}}}""").Input, connection).BeginAsync(Cancellation);
#pragma warning disable CA2100 // Names that the server has quoted.
            await using var explain = new Npgsql.NpgsqlCommand("explain (format json) " + TableSelect.Of(source), connection);
#pragma warning restore CA2100
            return (string)(await explain.ExecuteScalarAsync(Cancellation))!;
        }
    }

    [Fact]
    public async Task Where_OnAColumnThatJobsMayNotRead_SaysWhatToGrant()
    {
        await using var database = await TestDatabase.CreateAsync();
        await database.ExecuteAsync("create table t as select 1 as n, 2 as secret; revoke select on t from slowlane_job; grant select (n) on t to slowlane_job");

        var failure = await Assert.ThrowsAsync<JobException>(() => database.ProfileAsJobAsync("""{"table":"t","columns":["n"],"where":{"secret":2}}"""));

        Assert.Equal("grant select (secret) on public.t to slowlane_job", failure.Advice());
    }
}
