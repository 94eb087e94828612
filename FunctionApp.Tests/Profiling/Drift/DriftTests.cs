using System.Net.Http.Json;
using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Profiling.Drift;

/// <summary>Profiles that are compared with earlier ones, through the app and under the role of jobs.</summary>
public sealed class DriftTests : IAsyncLifetime
{
    private const string Table = """
        create table t as select n, n::int as small, sin(n) as double, (n % 100)::numeric / 8 as amount, 'word ' || n % 8 as word, n % 3 = 0 as yes, date '2020-01-01' + (n % 400)::int as day,
            timestamptz '2020-01-01Z' + n * interval '1 min' as at, n % 50 * interval '1 hour' as span, nullif(n % 5, 0) as few, md5((n % 9)::text)::uuid as uuid, null::text as nothing
        from generate_series(1::bigint, 20000) n; analyze t
        """;

    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await SlowlaneApp.StartAsync();
        await _app.Database.ExecuteAsync("grant select on all tables in schema public to slowlane_job; " + Table + "; grant select on t to slowlane_job");
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Table_ThatDidNotChange_HasNoDrift(int partitions)
    {
        var (id, _) = await ProfileAsync("");

        var (_, result) = await ProfileAsync($""","baseline":"latest","partitions":{partitions}""");

        var drift = result.GetProperty("drift");
        Assert.Equal((id, false, partitions), (drift.GetProperty("baseline").GetString(), drift.GetProperty("drifted").GetBoolean(), result.GetProperty("partitions").GetInt32()));
        Assert.Equal("""{"before":20000,"after":20000}""", drift.GetProperty("rowCount").GetRawText());
        foreach (var column in drift.GetProperty("columns").EnumerateArray())
        {
            var isCompared = column.TryGetProperty("psi", out var psi);
            Assert.Equal(!column.GetProperty("name").ValueEquals("nothing"), isCompared);
            Assert.Equal(0, isCompared ? psi.GetDouble() : 0);
            Assert.Equal(0, column.TryGetProperty("ks", out var ks) ? ks.GetProperty("value").GetDouble() : 0);
            Assert.False(column.TryGetProperty("change", out _));
        }
    }

    [Fact]
    public async Task Table_ThatMoved_IsTheSameDriftInPartitions()
    {
        var (id, _) = await ProfileAsync("");
        await _app.Database.ExecuteAsync("update t set n = n + 5000, word = case when n % 2 = 0 then 'new' else word end, few = case when n % 2 = 0 then few end, at = at + interval '30 days'; alter table t drop small, alter day type timestamp, add extra int");
        await _app.Database.ExecuteAsync("vacuum full analyze t");

        var (_, whole) = await ProfileAsync($""","baseline":"{id}","driftThreshold":0.2""");
        var (_, parts) = await ProfileAsync($""","baseline":"{id}","driftThreshold":0.2,"partitions":3""");

        Assert.Equal((1, 3), (whole.GetProperty("partitions").GetInt32(), parts.GetProperty("partitions").GetInt32()));
        Assert.Equal(whole.GetProperty("drift").GetRawText(), parts.GetProperty("drift").GetRawText());
        var drift = whole.GetProperty("drift");
        Assert.True(drift.GetProperty("drifted").GetBoolean());
        Assert.Equal(["n", "word", "day", "at", "extra", "small"], drift.GetProperty("driftedColumns").EnumerateArray().Select(column => column.GetString()!), StringComparer.Ordinal);
        Assert.Equal(0.25, Column(drift, "n").GetProperty("ks").GetProperty("value").GetDouble(), 2); // A quarter of 20,000.
        Assert.Equal("""{"before":0.2,"after":0.6}""", Column(drift, "few").GetProperty("nullShare").GetRawText());
        Assert.Equal("""{"before":{"value":8,"exact":true},"after":{"value":5,"exact":true}}""", Column(drift, "word").GetProperty("distinct").GetRawText());
        Assert.Equal(("added", "removed", "type changed"), (Change("extra"), Change("small"), Change("day")));
        Assert.Equal("""{"before":"date","after":"timestamp without time zone"}""", Column(drift, "day").GetProperty("type").GetRawText());
        Assert.Equal(
            ["at", "n", "word"],
            whole.GetProperty("alerts").EnumerateArray().Where(alert => alert.GetProperty("rule").ValueEquals("drifted")).Select(alert => alert.GetProperty("column").GetString()!).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);

        string? Change(string name) => Column(drift, name).GetProperty("change").GetString();
    }

    [Fact]
    public async Task Latest_OfATableWithoutAProfileOfTheSameRows_SaysSoAndSucceeds()
    {
        await ProfileAsync(""","where":{"yes":true,"word":["word 1","word 2"]}""");

        var (_, none) = await ProfileAsync(""","baseline":"latest" """);
        var (_, same) = await ProfileAsync(""","baseline":"latest","where":{"word":["word 1","word 2"],"yes":true}""");
        var (_, other) = await ProfileAsync(""","baseline":"latest","sample":0.5""");
        var (_, visible) = await ProfileAsync(""","baseline":"latest","rowSecurity":true""");

        Assert.StartsWith("""{"baseline":null,"reason":"there is no earlier profile of public.t with the same""", none.GetProperty("drift").GetRawText(), StringComparison.Ordinal);
        Assert.False(same.GetProperty("drift").GetProperty("drifted").GetBoolean());
        Assert.All([other, visible], result => Assert.Equal(JsonValueKind.Null, result.GetProperty("drift").GetProperty("baseline").ValueKind));
    }

    [Fact]
    public async Task Latest_IsTheOneThatWasReadLast()
    {
        await ProfileAsync("");
        var (id, _) = await ProfileAsync(""","columns":["n"]""");

        var (_, result) = await ProfileAsync(""","columns":["word","n"],"baseline":"latest" """);

        var drift = result.GetProperty("drift");
        Assert.Equal((id, false), (drift.GetProperty("baseline").GetString(), drift.GetProperty("drifted").GetBoolean()));
        Assert.Equal("the baseline left it out", Column(drift, "word").GetProperty("notCompared").GetString());
        var (_, again) = await ProfileAsync(""","columns":["n"],"baseline":"latest" """);
        Assert.Equal("this profile leaves it out", Column(again.GetProperty("drift"), "word").GetProperty("notCompared").GetString());
    }

    [Fact]
    public async Task Baseline_ThatIsNoProfileOfTheTable_FailsAndSaysWhatItIs()
    {
        await _app.Database.ExecuteAsync("create table u as select 1 as n; grant select on u to slowlane_job");
        var (other, _) = await ProfileAsync("", "u");
        var rows = IdOf(await _app.SubmitAsync("profile", """{"rows":[{"a":1}]}"""));
        var failed = IdOf(await _app.SubmitAsync("profile", """{"table":"nowhere"}"""));
        var spin = IdOf(await _app.SubmitAsync("spin", """{"id":1,"batch":"b","job":1,"spin_ms":1}"""));
        foreach (var id in (string[])[rows, failed, spin])
        {
            await _app.FinishedAsync($"/api/jobs/{id}");
        }

        var gone = JobId.New(TimeProvider.System, 0).ToString();

        Assert.Equal($"'baseline' is {other}, which is a profile of public.u, and not of public.t. Send the id of a finished profile of public.t, or \"latest\".", await FaultAsync(other));
        Assert.Contains("is a profile of sent rows", await FaultAsync(rows), StringComparison.Ordinal);
        Assert.Contains("has failed and left no profile", await FaultAsync(failed), StringComparison.Ordinal);
        Assert.Contains("is a job of the type 'spin'", await FaultAsync(spin), StringComparison.Ordinal);
        Assert.Contains("has no profile: no such job has run, or it was deleted", await FaultAsync(gone), StringComparison.Ordinal);
        Assert.Contains("has no profile", await FaultAsync(gone, ""","partitions":3"""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Baseline_ThatAnOlderVersionWrote_IsReadAsFarAsItGoes()
    {
        await ProfileAsync("");
        await _app.Database.ExecuteAsync("""
            update slowlane.profile set other_columns = null;
            delete from slowlane.profile_column where name = 'word';
            update slowlane.profile_column set details = details #- '{numbers,quantiles}' #- '{times,quantiles}' #- '{top,exact}';
            update slowlane.profile_column set details = '{"numbers":{"histogram":7}}' where name = 'amount'
            """);

        var drift = (await ProfileAsync(""","baseline":"latest" """)).Result.GetProperty("drift");

        Assert.Equal(0, Column(drift, "n").GetProperty("psi").GetDouble());
        Assert.Contains("an older version wrote it", Column(drift, "word").GetProperty("notCompared").GetString(), StringComparison.Ordinal);
        Assert.Contains("a format that this version does not know", Column(drift, "amount").GetProperty("notCompared").GetString(), StringComparison.Ordinal);
        Assert.Contains("estimates the most frequent", Column(drift, "uuid").GetProperty("notCompared").GetString(), StringComparison.Ordinal);
        Assert.False(drift.GetProperty("drifted").GetBoolean());
    }

    [Fact]
    public async Task Role_OfJobs_ReadsABaselineByItsFunctionAlone()
    {
        await ProfileAsync(""); // Has made the tables.

        Assert.True(await _app.Database.QueryAsync<bool>("select has_function_privilege('slowlane_job', 'slowlane.profile_baseline(text, uuid, json, double precision, boolean)', 'execute')"));
        Assert.False(await _app.Database.QueryAsync<bool>("select has_function_privilege('pg_monitor', 'slowlane.profile_baseline(text, uuid, json, double precision, boolean)', 'execute')"));
        Assert.False(await _app.Database.QueryAsync<bool>("select has_any_column_privilege('slowlane_job', 'slowlane.profile', 'select') or has_any_column_privilege('slowlane_job', 'slowlane.profile_column', 'select')"));
    }

    [Fact]
    public async Task Role_ThatLacksTheFunction_SucceedsOnceTheAdvisedStatementIsRun()
    {
        await ProfileAsync("");
        await _app.Database.ExecuteAsync("revoke execute on all functions in schema slowlane from slowlane_job");
        var status = await _app.FinishedAsync(await _app.SubmitAsync("profile", """{"table":"t","baseline":"latest"}"""));
        const string Grant = "grant execute on function slowlane.profile_baseline(text, uuid, json, double precision, boolean) to slowlane_job";

        Assert.Equal("not-permitted", status.GetProperty("error").GetProperty("type").GetString());
        Assert.Contains(Grant, status.GetProperty("error").GetProperty("detail").GetString(), StringComparison.Ordinal);
        await _app.Database.ExecuteAsync(Grant);
        await ProfileAsync(""","baseline":"latest" """);
    }

    [Fact]
    public async Task Page_OfAComparedProfile_ShowsTheEarlierOne()
    {
        var (id, _) = await ProfileAsync("");
        var location = await _app.SubmitAsync("profile", """{"table":"t","baseline":"latest"}""");
        await _app.FinishedAsync(location);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(location + "/result", UriKind.Relative)) { Headers = { { "Accept", "text/html" } } };
        using var response = await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains($"Compared with the profile {id} of ", page, StringComparison.Ordinal);
        Assert.Contains("<path class=earlier", page, StringComparison.Ordinal);
    }

    private async Task<string> FaultAsync(string baseline, string more = "")
    {
        var status = await _app.FinishedAsync(await _app.SubmitAsync("profile", $$"""{"table":"t","baseline":"{{baseline}}"{{more}}}"""));
        Assert.Equal("unknown-baseline", status.GetProperty("error").GetProperty("type").GetString());
        return status.GetProperty("error").GetProperty("detail").GetString()!;
    }

    private async Task<(string Id, JsonElement Result)> ProfileAsync(string more, string table = "t")
    {
        var location = await _app.SubmitAsync("profile", $$"""{"table":"{{table}}"{{more}}}""");
        var status = await _app.FinishedAsync(location);
        Assert.True(status.GetProperty("status").ValueEquals("succeeded"), status.GetRawText());
        return (IdOf(location), await _app.Client.GetFromJsonAsync<JsonElement>(new Uri(location + "/result", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    private static string IdOf(string location) => location[(location.LastIndexOf('/') + 1)..];

    private static JsonElement Column(JsonElement drift, string name)
        => drift.GetProperty("columns").EnumerateArray().Single(column => string.Equals(column.GetProperty("name").GetString(), name, StringComparison.Ordinal));
}
