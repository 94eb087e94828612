using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class JobListTests
{
    [Fact]
    public async Task List_PageByPageWithJobsComingIn_ShowsEachJobOnceNewestFirst()
    {
        await using var app = await FrontAsync();
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            ids.Insert(0, await AddAsync(app, "spin", "cancelled"));
        }

        var seen = new List<string>();
        for (var next = "/api/jobs?limit=2"; next is not null;)
        {
            using var response = await app.GetAsync(next);
            var page = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            seen.AddRange(Ids(page));
            next = page.GetProperty("next").GetString();
            Assert.Equal(next is null, !response.Headers.Contains("Link"));
            Assert.True(next is null || string.Equals($"<{next}>; rel=\"next\"", response.Headers.GetValues("Link").Single(), StringComparison.Ordinal));
            await AddAsync(app, "spin", "cancelled"); // Newer than the whole walk: on none of its pages.
        }

        Assert.Equal(ids, seen);
    }

    [Fact]
    public async Task List_WithFilters_ShowsWhatTheyAskForAndKeepsThemInTheLink()
    {
        await using var app = await FrontAsync();
        await AddAsync(app, "spin", "cancelled");
        await AddAsync(app, "profile", "queued");
        var (older, newer) = (await AddAsync(app, "spin", "queued"), await AddAsync(app, "spin", "queued"));

        var first = await ListAsync(app, "/api/jobs?type=spin&status=queued&limit=1&code=secret");
        var next = first.GetProperty("next").GetString()!;
        var second = await ListAsync(app, next);

        Assert.Equal((newer, older), (Ids(first).Single(), Ids(second).Single()));
        Assert.DoesNotContain("secret", next, StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, second.GetProperty("next").ValueKind);
        Assert.Equal($"/api/jobs/{older}/cancel", second.GetProperty("jobs")[0].GetProperty("links").GetProperty("cancel").GetString());
    }

    [Fact]
    public async Task List_ShowsWhatNobodyHasClaimedYet_AndCountsItsMessages()
    {
        await using var app = await FrontAsync();
        var location = await app.SubmitAsync("spin", """{"id":1}""");

        var list = await Eventually.SeesAsync(() => ListAsync(app, "/api/jobs?status=queued"), list => list.GetProperty("jobs").GetArrayLength() > 0);

        Assert.EndsWith(Assert.Single(list.GetProperty("jobs").EnumerateArray()).GetProperty("id").GetString()!, location, StringComparison.Ordinal);
        Assert.Equal(1, list.GetProperty("waiting").GetInt32());
    }

    [Fact]
    public async Task List_OfABadQuery_NamesEveryFaultAndItsBound()
    {
        await using var app = await FrontAsync();

        using var response = await app.GetAsync("/api/jobs?type=juggle&status=done&limit=201&cursor=x&colour=red");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var errors = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("errors");
        Assert.Contains($"known: {app.KnownTypes}", errors.GetProperty("type")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("queued, running, succeeded, failed, cancelled", errors.GetProperty("status")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("1 to 200", errors.GetProperty("limit")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("'x'", errors.GetProperty("cursor")[0].GetString(), StringComparison.Ordinal);
        Assert.Contains("'colour'", errors.GetProperty("colour")[0].GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=+1")]
    [InlineData("limit=")]
    [InlineData("status=Queued")]
    [InlineData("status=failed&status=queued")]
    public async Task List_OfAQueryThatIsNearlyRight_IsRefused(string query)
    {
        await using var app = await FrontAsync();

        using var response = await app.GetAsync($"/api/jobs?{query}");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    private static Task<SlowlaneApp> FrontAsync() => SlowlaneApp.StartFrontAsync();

    private static async Task<JsonElement> ListAsync(SlowlaneApp app, string path) => await app.Client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative), Cancellation);

    private static IEnumerable<string> Ids(JsonElement list) => list.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("id").GetString()!);

    // A cancel makes the schema and the row; the rest is told to the row.
    private static async Task<string> AddAsync(SlowlaneApp app, string type, string status)
    {
        await Task.Delay(2, Cancellation); // Ids of the same millisecond have no order.
        var id = JobId.New(TimeProvider.System, 1);
        using var response = await app.PostAsync($"/api/jobs/{id}/cancel", "");
        await app.Database.ExecuteAsync($"""
            update slowlane.job set type = '{type}', status = '{status}',
                due_at = case '{status}' when 'queued' then now() end, finished_at = case '{status}' when 'cancelled' then now() end
            where id = '{id.Value}'
            """);
        return id.ToString();
    }
}
