using System.Net;
using System.Text;
using System.Text.Json;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

/// <summary>The app as it is started with keys, in a process of its own.</summary>
public sealed class KeysTests
{
    private const string Spin = """{"id":1,"batch":"keys","spin_ms":0}""";

    [Fact]
    public async Task App_ThatDemandsKeys_OpensToEachKeyWhatIsItsOwnAndRepeatsNone()
    {
        await using var database = await TestDatabase.CreateAsync();
        var file = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N"), "keys.json");
        await using var host = await HostProcess.StartAsync(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["AzureWebJobsStorage"] = await TestServices.StorageAsync(),
                ["Slowlane__Database"] = database.ConnectionString,
                ["LocalHost__KeysFile"] = file,
            },
            "--workers", "0", "--enable-auth", "--verbose");
        using var keys = JsonDocument.Parse(await File.ReadAllBytesAsync(file, Cancellation));
        var (master, own) = (keys.RootElement.GetProperty("master").GetString()!, keys.RootElement.GetProperty("host").GetProperty("default").GetString()!);
        var answers = new StringBuilder();

        async Task<HttpStatusCode> AskAsync(HttpMethod method, string path, string key)
        {
            using var byQuery = new HttpRequestMessage(method, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}code={key}");
            using var byHeader = new HttpRequestMessage(method, path) { Headers = { { "x-functions-key", key } } };
            HttpStatusCode status = default;
            foreach (var request in (HttpRequestMessage[])[byQuery, byHeader])
            {
                request.Content = method == HttpMethod.Post ? new StringContent(Spin, Encoding.UTF8, "application/json") : null;
                using var response = await host.Client.SendAsync(request, Cancellation);
                answers.Append(response.Headers).Append(await response.Content.ReadAsStringAsync(Cancellation));
                Assert.True(status == default || status == response.StatusCode);
                status = response.StatusCode;
            }

            return status;
        }

        Assert.Equal(HttpStatusCode.Accepted, await AskAsync(HttpMethod.Post, "/api/jobs/spin", own));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, "/api/long_answer?table=profile", own));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, await AskAsync(HttpMethod.Get, "/api/long_answer?tabel=profile", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Post, "/api/jobs/spin", own[..^1]));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, "/api/poison", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Post, "/api/poison/1/replay", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Get, "/api/jobs/spin/pause", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Post, "/api/jobs/spin/pause", own));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(HttpMethod.Post, "/api/jobs/spin/resume", own));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Post, "/api/jobs/spin/pause", master));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Post, "/api/jobs/spin/resume", master));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, "/api/poison?limit=1", master));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(HttpMethod.Post, "/api/poison/1/replay", master));

        foreach (var key in (string[])[own, master])
        {
            Assert.DoesNotContain(key[..20], answers.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(key[..20], host.Output, StringComparison.Ordinal);
        }

        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }
}
