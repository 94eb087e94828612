using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Samples.Spin;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class LargeResultTests
{
    private const string NoStorage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;";

    [Fact]
    public async Task LargeResult_IsAnsweredLikeASmallOneAndItsLossClearly()
    {
        await using var app = await SlowlaneApp.StartAsync(services => services.AddJob<LargeJob>("large"));
        var location = await app.SubmitAsync("large", "{}");
        await app.FinishedAsync(location);

        using var result = await app.GetAsync($"{location}/result");
        var json = await result.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.OK, "application/json; charset=utf-8"), (result.StatusCode, result.Content.Headers.ContentType?.ToString()));
        Assert.Equal(LargeJob.Value, json.GetProperty("value").GetString());
        Assert.True(result.Content.Headers.ContentLength > LargeJob.Value.Length);

        await using var cutOff = await SlowlaneApp.StartFrontAsync(app.Database.ConnectionString, NoStorage);
        using var unavailable = await cutOff.GetAsync($"{location}/result");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (unavailable.StatusCode, unavailable.Headers.RetryAfter?.Delta?.TotalSeconds));

        await new BlobContainerClient(app.Storage, "slowlane-results").DeleteAsync(cancellationToken: Cancellation);
        using var gone = await app.GetAsync($"{location}/result");
        var problem = await gone.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((null, null), (unavailable.Headers.ETag, gone.Headers.ETag)); // That of the result is not theirs.
        Assert.Equal((HttpStatusCode.Gone, "urn:slowlane:problem:result-missing"), (gone.StatusCode, problem.GetProperty("type").GetString()));
    }

    /// <summary>Makes a result that doesn't fit a row.</summary>
    private sealed class LargeJob : IJobType<bool, bool, SpinResult>
    {
        public static readonly string Value = new('x', 600_000);

        public static bool Parse(InputReader reader) => true;

        public Task<bool> FetchAsync(bool input, NpgsqlConnection connection, CancellationToken cancellationToken) => Task.FromResult(true);

        public SpinResult Compute(bool input, bool data, JobContext context) => new("", 0, 0, Value);

        public Task WriteAsync(SpinResult result, NpgsqlTransaction transaction, JobContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
