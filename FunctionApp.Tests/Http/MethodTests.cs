using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class MethodTests : IAsyncLifetime
{
    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync(services => services.AddJob<LargeJob>("large"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Head_OfWhateverCanBeGot_HasTheHeadersOfItsGet()
    {
        var (small, large) = (await _app.SubmitAsync("spin", """{"id":1,"spin_ms":0}"""), await _app.SubmitAsync("large", "{}"));
        await Task.WhenAll(_app.FinishedAsync(small), _app.FinishedAsync(large));

        foreach (var path in (string[])
            [small, small + "/result", large + "/result", "/api/jobs", "/api/poison", "/api/jobs/spin/pause", "/api/jobs/spin/schema", "/api/health/live", "/api/health/ready", "/api/jobs/unknown", "/api/jobs?limit=0", "/api/long_answer?table=nowhere"])
        {
            using var get = await SendAsync(HttpMethod.Get, path);
            using var head = await SendAsync(HttpMethod.Head, path);

            Assert.Equal(Described(path, get), Described(path, head));
            Assert.NotNull(head.Content.Headers.ContentLength);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Head_OfAResultInABlob_HasItsLength()
    {
        var location = await _app.SubmitAsync("large", "{}");
        await _app.FinishedAsync(location);

        using var head = await SendAsync(HttpMethod.Head, location + "/result");

        Assert.True(head.Content.Headers.ContentLength > LargeJob.Length);
    }

    [Fact]
    public async Task Head_OfWhatTheCallerHolds_IsNotModified()
    {
        var location = await _app.SubmitAsync("spin", """{"id":1,"spin_ms":0}""");
        await _app.FinishedAsync(location);
        using var first = await SendAsync(HttpMethod.Head, location);

        using var second = await SendAsync(HttpMethod.Head, location, ("If-None-Match", first.Headers.ETag!.ToString()));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, second.StatusCode));
    }

    [Theory]
    [InlineData("/api/profile", "POST, OPTIONS")]
    [InlineData("/api/long_answer", "GET, HEAD, OPTIONS")]
    [InlineData("/api/jobs", "GET, HEAD, OPTIONS")]
    [InlineData("/api/jobs/spin", "POST, OPTIONS")]
    [InlineData("/api/jobs/{id}", "GET, HEAD, OPTIONS")]
    [InlineData("/api/jobs/{id}/result", "GET, HEAD, OPTIONS")]
    [InlineData("/api/jobs/{id}/cancel", "POST, OPTIONS")]
    [InlineData("/api/jobs/{id}/retry", "POST, OPTIONS")]
    [InlineData("/api/jobs/spin/batch", "POST, OPTIONS")]
    [InlineData("/api/jobs/spin/pause", "GET, HEAD, POST, OPTIONS")]
    [InlineData("/api/jobs/spin/resume", "POST, OPTIONS")]
    [InlineData("/api/poison", "GET, HEAD, OPTIONS")]
    [InlineData("/api/poison/1/replay", "POST, OPTIONS")]
    [InlineData("/api/health/live", "GET, HEAD, OPTIONS")]
    [InlineData("/api/health/ready", "GET, HEAD, OPTIONS")]
    public async Task Method_ThatAPathDoesNotTake_IsToldWhichItTakes(string path, string allowed)
    {
        path = path.Replace("{id}", JobId.New(TimeProvider.System, 1).ToString(), StringComparison.Ordinal);
        var taken = allowed.Split(", ");
        foreach (var method in (string[])["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE"])
        {
            if (!taken.Contains(method, StringComparer.Ordinal))
            {
                using var response = await SendAsync(new HttpMethod(method), path);
                Assert.Equal((method, HttpStatusCode.MethodNotAllowed, allowed), (method, response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
                Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType); // The app's own, not that of a router before it.
            }
        }

        using var options = await SendAsync(HttpMethod.Options, path);
        Assert.Equal((HttpStatusCode.NoContent, allowed), (options.StatusCode, string.Join(", ", options.Content.Headers.Allow)));
    }

    [Fact]
    public async Task Method_ThatIsRefused_IsNamed()
    {
        using var response = await SendAsync(HttpMethod.Delete, "/api/jobs");

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("urn:slowlane:problem:method-not-allowed", problem.GetProperty("type").GetString());
        Assert.Equal("'DELETE' is no method of this resource; it takes GET, HEAD, OPTIONS.", problem.GetProperty("detail").GetString());
    }

    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return _app.Client.SendAsync(request, Cancellation);
    }

    // All headers but the time.
    private static string Described(string path, HttpResponseMessage response) => string.Join('\n', response.Headers.Concat(response.Content.Headers)
        .Where(header => header.Key is not ("Date" or "Location"))
        .Select(header => $"{header.Key}: {string.Join(", ", header.Value)}").Order(StringComparer.Ordinal).Prepend($"{(int)response.StatusCode} {path}"));

    /// <summary>Makes a result that doesn't fit a row.</summary>
    private sealed class LargeJob : IJobType<bool, bool, SpinResult>
    {
        public const int Length = 600_000;

        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public SpinResult Compute(bool input, bool data, JobContext context) => new("", 0, 0, new string('x', Length));

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
