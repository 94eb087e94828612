using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class JobLifeTests : IAsyncLifetime
{
    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Job_RunsToItsEndAndIsWrittenOnce()
    {
        var location = await _app.SubmitAsync("spin", """{"id":7,"batch":"b","job":3,"spin_ms":1}""");

        var status = await _app.FinishedAsync(location);

        Assert.Equal("succeeded", status.GetProperty("status").GetString());
        Assert.Equal(1, status.GetProperty("progress").GetDouble());
        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from result where batch = 'b' and job = 3 and profile_id = 7"));
    }

    [Fact]
    public async Task Result_OfASucceededJob_IsItsJson()
    {
        var location = await _app.SubmitAsync("spin", """{"id":1,"batch":"b","job":3,"spin_ms":0}""");

        using var response = await _app.GetAsync($"{location}/result?wait=60");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var result = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("c4ca4238a0b923820dcc509a6f75849b", result.GetProperty("value").GetString()); // md5('1')
    }

    [Fact]
    public async Task Result_OfAFailedJob_IsAConflictWithTheReason()
    {
        var location = await _app.SubmitAsync("profile", """{"table":"nowhere.nothing"}""");

        using var response = await _app.GetAsync($"{location}/result?wait=60");

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("urn:slowlane:problem:job-failed", problem.GetProperty("type").GetString());
        Assert.Contains("nowhere.nothing", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("unknown-table", problem.GetProperty("code").GetString());
        Assert.Equal("unknown-table", (await _app.FinishedAsync(location)).GetProperty("error").GetProperty("type").GetString());
    }

    [Fact]
    public async Task Submit_PreferringToWait_AnswersWithTheResult()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/jobs/spin", UriKind.Relative))
        {
            Content = new StringContent("""{"id":1,"spin_ms":1}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Prefer", "wait=60" } },
        };

        using var response = await _app.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("wait=60", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Assert.Equal("Prefer", Assert.Single(response.Headers.Vary));
        Assert.Equal(1, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("profileId").GetInt32());
    }

    [Fact]
    public async Task LongAnswer_PreferringAWait_GetsTheSameHeaders()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/api/long_answer?table=profile", UriKind.Relative)) { Headers = { { "Prefer", "wait=999" } } };

        using var response = await _app.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("wait=200", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Assert.Equal("Prefer", Assert.Single(response.Headers.Vary));
        Assert.Equal("no-cache, private", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("/result")]
    public async Task Get_OfWhatTheCallerHolds_IsNotSentAgain(string part)
    {
        var location = await _app.SubmitAsync("spin", """{"id":1,"spin_ms":0}""");
        await _app.FinishedAsync(location);
        using var first = await _app.GetAsync(location + part);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(location + part, UriKind.Relative)) { Headers = { { "If-None-Match", $"\"other\", W/{first.Headers.ETag}" } } };

        using var second = await _app.Client.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
        Assert.Equal("Prefer", Assert.Single(second.Headers.Vary));
        Assert.Equal("no-cache, private", second.Headers.CacheControl?.ToString());
        Assert.Empty(await second.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Submit_WhoseWaitIsTooShort_IsAcceptedAsIfItHadNotWaited()
    {
        using var response = await _app.PostAsync("/api/jobs/spin?wait=1", """{"id":1,"spin_ms":3000}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotNull(response.Headers.Location);
    }

    [Fact]
    public async Task LongAnswer_AnswersWithTheProfile()
    {
        using var response = await _app.GetAsync("/api/long_answer?table=profile&top=3&rowSecurity=false&firstRows=1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("columns", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LongAnswer_CalledManyTimesAtOnce_RunsOneJob()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => _app.Client.GetStringAsync(new Uri("/api/long_answer?table=profile", UriKind.Relative), Cancellation)));

        Assert.Single(answers.Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from slowlane.job"));
    }

    [Fact]
    public async Task LongAnswer_CalledOverAndOverByMany_SharesAJobBetweenNoMoreCallsThanCallers()
    {
        const int Callers = 8;
        var shared = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(async _ =>
        {
            for (var call = 0; call < 12; call++)
            {
                using var response = await _app.GetAsync("/api/long_answer?table=profile");
                shared.AddOrUpdate(response.Headers.Location!.OriginalString, 1, (_, count) => count + 1);
            }
        }));

        Assert.InRange(shared.Values.Max(), 1, Callers); // Nobody gets the same answer twice.
    }

    [Fact]
    public async Task Callers_WhoWaitWhenTheAppStops_LearnWhereTheirJobsAre()
    {
        await using var front = await SlowlaneApp.StartFrontAsync();
        var location = await front.SubmitAsync("spin", """{"id":1}""");
        var callers = Task.WhenAll(
            front.PostAsync("/api/jobs/spin?wait=60", """{"id":1}"""), front.GetAsync("/api/long_answer?table=profile"), front.GetAsync($"{location}?wait=60"));
        await Eventually.HoldsAsync(() => front.Waiting == 3);

        await front.StopAsync();

        var answers = await callers;
        Assert.All(answers[..2], answer => Assert.Equal((HttpStatusCode.Accepted, true), (answer.StatusCode, answer.Headers.Location is not null)));
        Assert.True(answers[2].StatusCode is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, answers[2].StatusCode.ToString()); // By whether it had looked once.
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Theory]
    [InlineData("/api/jobs", "no-cache, private")]
    [InlineData("/api/poison", "no-store")]
    public async Task List_IsNotKeptForOthers(string path, string cacheControl)
    {
        using var response = await _app.GetAsync(path);

        Assert.Equal((HttpStatusCode.OK, cacheControl), (response.StatusCode, response.Headers.CacheControl?.ToString()));
    }

    [Fact]
    public async Task LongAnswer_OfABadQuery_IsRefusedLikeABadInput()
    {
        using var response = await _app.GetAsync("/api/long_answer?table=profile&top=many&colour=red");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task Status_OfAnIdThatWasNeverGivenOut_IsNotFound()
    {
        using var response = await _app.GetAsync("/api/jobs/0123456789");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Status_OfAnOldIdWithoutARow_IsGoneOnceItWasPurged()
    {
        var old = JobId.New(new FixedTime(DateTimeOffset.UtcNow.AddDays(-30)), 1);

        using var waiting = await _app.GetAsync($"/api/jobs/{old}");
        await _app.Database.ExecuteAsync($"insert into slowlane.purged (id) values ('{old.Value}')");
        using var purged = await _app.GetAsync($"/api/jobs/{old}");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Gone), (waiting.StatusCode, purged.StatusCode));
    }

    [Theory]
    [InlineData("/api/health/live", "live")]
    [InlineData("/api/health/ready", "ready")]
    public async Task Health_OfASoundApp_IsGood(string path, string status)
    {
        using var response = await _app.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(status, (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("status").GetString());
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
