using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Conformance;

/// <summary>The HTTP contract, as any caller meets it on any host.</summary>
[Collection(nameof(AnyHost))]
public sealed class RequestConformanceTests(Target target)
{
    private const string Rows = """{"rows":[{"a":1,"b":"x"},{"a":2,"b":null}]}""";

    [Fact]
    public async Task Job_FromSubmitToResult_FollowsTheContract()
    {
        using var accepted = await target.PostAsync("/api/profile", Rows);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.NotNull(accepted.Headers.RetryAfter);
        var location = accepted.Headers.Location!.ToString();
        Assert.Matches("/api/jobs/[0-9a-f]{40}$", location);

        var status = await target.FinishedAsync(location);
        Assert.Equal(("succeeded", "profile", 1), (Text(status, "status"), Text(status, "type"), status.GetProperty("attempt").GetInt32()));
        Assert.EndsWith("/result", status.GetProperty("links").GetProperty("result").GetString(), StringComparison.Ordinal);

        using var result = await target.GetAsync(location + "/result");
        Assert.Equal(2, (await result.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("rowCount").GetInt32());
    }

    [Fact]
    public async Task Submit_PreferringToWait_IsAnsweredWithTheResult()
    {
        using var response = await target.PostAsync("/api/jobs/profile", Rows, ("Prefer", "wait=60"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("wait=60", Assert.Single(response.Headers.GetValues("Preference-Applied")));
        Assert.Contains("Prefer", response.Headers.Vary, StringComparer.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Submit_SentTwiceUnderOneKey_IsOneJob()
    {
        var key = Guid.NewGuid().ToString("N");
        using var first = await target.PostAsync("/api/profile", Rows, ("Idempotency-Key", key));
        using var second = await target.PostAsync("/api/profile", Rows, ("Idempotency-Key", key));
        using var other = await target.PostAsync("/api/profile", """{"rows":[]}""", ("Idempotency-Key", key));

        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
    }

    [Fact]
    public async Task Submit_UnderTwoKeys_IsRefusedHoweverTheyAreJoinedOnTheirWay()
    {
        using var response = await target.PostAsync("/api/profile", Rows, ("Idempotency-Key", Guid.NewGuid().ToString("N")), ("Idempotency-Key", Guid.NewGuid().ToString("N")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("urn:slowlane:problem:bad-idempotency-key", Text(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "type"));
    }

    [Theory]
    [InlineData(2_000_000, false)]
    [InlineData(2_000_000, true)]
    [InlineData(30_000_001, false)]
    [InlineData(30_000_001, true)]
    public async Task Submit_OfMoreThanARequestMayHave_IsToldSo(int bytes, bool inChunks)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/profile") { Content = new ByteArrayContent(Encoding.ASCII.GetBytes("{" + new string(' ', bytes - 2) + "}")) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = inChunks;
        using var response = await target.Client.SendAsync(request, Cancellation);

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal("urn:slowlane:problem:too-large", Text(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "type"));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task Submit_OfACompressedBody_IsAccepted(string coding)
    {
        using var content = new ByteArrayContent(Encoded.As(coding, Rows)) { Headers = { ContentType = new("application/json"), ContentEncoding = { coding } } };
        using var response = await target.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    [Fact]
    public async Task Submit_OfACompressedBodyThatExpandsBeyondTheMaximum_IsToldSo()
    {
        using var content = new ByteArrayContent(Encoded.Zeros("gzip", mebibytes: 100)) { Headers = { ContentType = new("application/json"), ContentEncoding = { "gzip" } } };
        using var response = await target.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Submit_UnderACodingThatIsNotRead_IsToldWhichAre()
    {
        using var content = new ByteArrayContent([1]) { Headers = { ContentType = new("application/json"), ContentEncoding = { "zstd" } } };
        using var response = await target.Client.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "gzip, deflate, br"), (response.StatusCode, string.Join(", ", response.Headers.GetValues("Accept-Encoding"))));
    }

    [Fact]
    public async Task Head_OfAJobItsResultOrTheHealth_HasTheHeadersOfItsGet()
    {
        var location = await target.SubmitAsync("/api/profile", Rows);
        await target.FinishedAsync(location);

        foreach (var path in (string[])[location, location + "/result", "/api/health/live", "/api/jobs/unknown"])
        {
            using var get = await target.GetAsync(path);
            using var request = new HttpRequestMessage(HttpMethod.Head, new Uri(path, UriKind.RelativeOrAbsolute));
            using var head = await target.Client.SendAsync(request, Cancellation);

            Assert.Equal((path, get.StatusCode, get.Headers.ETag, get.Content.Headers.ContentLength), (path, head.StatusCode, head.Headers.ETag, head.Content.Headers.ContentLength));
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData("DELETE", "/api/jobs/profile", 405, "POST, OPTIONS")]
    [InlineData("GET", "/api/jobs/profile", 405, "POST, OPTIONS")]
    [InlineData("PUT", "/api/jobs", 405, "GET, HEAD, OPTIONS")]
    [InlineData("POST", "/api/health/live", 405, "GET, HEAD, OPTIONS")]
    [InlineData("PATCH", "/api/jobs/profile/batch", 405, "POST, OPTIONS")]
    [InlineData("OPTIONS", "/api/jobs/profile", 204, "POST, OPTIONS")]
    [InlineData("OPTIONS", "/api/health/live", 204, "GET, HEAD, OPTIONS")]
    [InlineData("PROPFIND", "/api/jobs", 405, "GET, HEAD, OPTIONS")]
    [InlineData("PROPFIND", "/api/jobs/profile", 404, "")] // Two functions share this path, and a host has no list of all methods but one.
    [InlineData("GET", "/api/nothing", 404, "")]
    [InlineData("OPTIONS", "/api/nothing", 404, "")]
    public async Task Method_OrPathThatIsNotTaken_IsAnsweredAsTheAppOrTheHostDoes(string method, string path, int status, string allowed)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        using var response = await target.Client.SendAsync(request, Cancellation);

        Assert.Equal((status, allowed), ((int)response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        Assert.Equal(status == 405, response.Content.Headers.ContentType?.MediaType is "application/problem+json");
    }

    [Fact]
    public async Task Status_HeldByItsCaller_IsNotSentAgain()
    {
        var location = await target.SubmitAsync("/api/profile", Rows);
        await target.FinishedAsync(location);

        using var status = await target.GetAsync(location);
        using var again = await target.GetAsync(location, ("If-None-Match", status.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
    }

    [Fact]
    public async Task FinishedJob_IsNeitherCancelledNorRetried()
    {
        var location = await target.SubmitAsync("/api/profile", Rows);
        await target.FinishedAsync(location);

        using var cancel = await target.PostAsync(location + "/cancel", "");
        using var retry = await target.PostAsync(location + "/retry", "");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (cancel.StatusCode, retry.StatusCode));
    }

    [Fact]
    public async Task FailedJob_SaysWhyAndCanBeRetried()
    {
        var location = await target.SubmitAsync("/api/profile", """{"table":"there_is_no_such_table"}""");

        Assert.Equal("unknown-table", Text((await target.FinishedAsync(location)).GetProperty("error"), "type"));
        using var result = await target.GetAsync(location + "/result");
        Assert.Equal(HttpStatusCode.Conflict, result.StatusCode);
        using var retry = await target.PostAsync(location + "/retry", "");
        Assert.Equal(HttpStatusCode.Accepted, retry.StatusCode);
        Assert.Equal("failed", Text(await target.FinishedAsync(location), "status"));
    }

    [Fact]
    public async Task List_InPages_HasEveryJobOnce()
    {
        var locations = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => target.SubmitAsync("/api/profile", Rows)));
        await Task.WhenAll(locations.Select(target.FinishedAsync));

        var listed = new List<string>();
        for (var page = "/api/jobs?type=profile&limit=2"; page is not null && !locations.All(location => listed.Contains(location[^40..], StringComparer.Ordinal));)
        {
            using var response = await target.GetAsync(page);
            var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
            listed.AddRange(document.GetProperty("jobs").EnumerateArray().Select(job => Text(job, "id")));
            page = document.GetProperty("next").GetString();
        }

        Assert.Superset(locations.Select(location => location[^40..]).ToHashSet(StringComparer.Ordinal), listed.ToHashSet(StringComparer.Ordinal));
        Assert.Distinct(listed, StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/api/jobs/nothing", "{}", "application/json", HttpStatusCode.NotFound, "unknown-type")]
    [InlineData("/api/profile", "{", "application/json", HttpStatusCode.BadRequest, "not-json")]
    [InlineData("/api/profile", "{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "not-json-media")]
    [InlineData("/api/profile", """{"tabel":"x"}""", "application/json", HttpStatusCode.UnprocessableEntity, "invalid-input")]
    public async Task Submit_OfSomethingWrong_IsAProblemThatSaysWhat(string path, string body, string media, HttpStatusCode status, string problem)
    {
        using var content = new StringContent(body, Encoding.UTF8, media);
        using var response = await target.Client.PostAsync(new Uri(path, UriKind.Relative), content, Cancellation);

        Assert.Equal((status, "application/problem+json"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal($"urn:slowlane:problem:{problem}", Text(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation), "type"));
    }

    [Fact]
    public async Task UnknownId_IsNotFound()
    {
        using var response = await target.GetAsync($"/api/jobs/{new string('0', 40)}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Health_IsOpenToEverybody()
    {
        using var anonymous = new HttpClient { BaseAddress = target.Client.BaseAddress };
        using var live = await anonymous.GetAsync(new Uri("/api/health/live", UriKind.Relative), Cancellation);
        using var ready = await anonymous.GetAsync(new Uri("/api/health/ready", UriKind.Relative), Cancellation);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
    }

    [Fact]
    public async Task Callers_WithoutTheirKey_AreTurnedAway()
    {
        Assert.SkipUnless(target.Client.DefaultRequestHeaders.Contains("x-functions-key"), "Needs SLOWLANE_KEY, and a host that asks for keys.");
        using var anonymous = new HttpClient { BaseAddress = target.Client.BaseAddress };
        using var content = new StringContent(Rows, Encoding.UTF8, "application/json");
        using var submit = await anonymous.PostAsync(new Uri("/api/profile", UriKind.Relative), content, Cancellation);
        using var poison = await target.GetAsync("/api/poison");

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (submit.StatusCode, poison.StatusCode));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
