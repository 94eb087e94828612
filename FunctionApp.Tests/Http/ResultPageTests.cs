using System.Net;
using System.Net.Http.Headers;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class ResultPageTests : IAsyncLifetime
{
    private const string Browser = "text/html,application/xhtml+xml,*/*;q=0.8";
    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync(services => services.AddJob<BrokenPageJob>("broken"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Result_ForABrowser_IsAPageThatMayRunAndLoadNothing()
    {
        var location = await SucceedAsync("profile", """{"rows":[{"n":1},{"n":2}]}""");

        using var page = await GetAsync($"{location}/result", Browser);

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (page.StatusCode, page.Content.Headers.ContentType?.ToString()));
        Assert.Contains("<h1>Rows of a request</h1>", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; style-src 'sha256-", Header(page, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.EndsWith("; sandbox", Header(page, "Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("nosniff", "no-referrer"), (Header(page, "X-Content-Type-Options"), Header(page, "Referrer-Policy")));
    }

    [Fact]
    public async Task Result_ForAnyOther_IsItsJsonUnderAnotherTag()
    {
        var location = await SucceedAsync("profile", """{"rows":[{"n":1}]}""");

        using var page = await GetAsync($"{location}/result", Browser);
        using var json = await GetAsync($"{location}/result", "*/*");
        using var again = await GetAsync($"{location}/result", Browser, page.Headers.ETag);

        Assert.Equal("application/json; charset=utf-8", json.Content.Headers.ContentType?.ToString());
        Assert.NotEqual(page.Headers.ETag, json.Headers.ETag);
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.All([page, json, again], response => Assert.Contains("Accept", response.Headers.Vary, StringComparer.Ordinal));
    }

    [Fact]
    public async Task LargeResult_ForABrowser_IsAPageToo()
    {
        var row = string.Join(',', Enumerable.Range(1, 1_600).Select(column => $"\"c{column}\":{column}"));
        var location = await SucceedAsync("profile", $$"""{"rows":[{{{row}}}]}""");
        Assert.NotNull(await _app.Database.QueryAsync<string?>("select blob from slowlane.result"));

        using var page = await GetAsync($"{location}/result", Browser);

        Assert.Contains("id=c1600>", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("spin", """{"id":1,"spin_ms":1}""")] // Has no page.
    [InlineData("broken", "{}")] // Has one that throws.
    public async Task Result_WithoutAPage_IsItsJsonForABrowserToo(string type, string input)
    {
        var location = await SucceedAsync(type, input);

        using var response = await GetAsync($"{location}/result", Browser);

        Assert.Equal((HttpStatusCode.OK, "application/json; charset=utf-8"), (response.StatusCode, response.Content.Headers.ContentType?.ToString()));
        Assert.False(response.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Result_OfAFailedJob_IsAProblemForABrowserToo()
    {
        var location = await _app.SubmitAsync("profile", """{"table":"nowhere"}""");
        await _app.FinishedAsync(location);

        using var response = await GetAsync($"{location}/result", Browser);

        Assert.Equal((HttpStatusCode.Conflict, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private async Task<string> SucceedAsync(string type, string input)
    {
        var location = await _app.SubmitAsync(type, input);
        Assert.Equal("succeeded", (await _app.FinishedAsync(location)).GetProperty("status").GetString());
        return location;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string accept, EntityTagHeaderValue? held = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (held is not null)
        {
            request.Headers.IfNoneMatch.Add(held);
        }

        return await _app.Client.SendAsync(request, Cancellation);
    }

    private sealed class BrokenPageJob : IJobType<int, int, int>
    {
        public static Func<int, ResultPage>? Page => static _ => new ResultPage("t", "", static _ => throw new InvalidOperationException("No page today."));

        public static int Parse(InputReader reader) => 0;

        public Task<int> FetchAsync(int input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(0);

        public int Compute(int input, int data, JobContext context) => 7;

        public Task WriteAsync(int result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
