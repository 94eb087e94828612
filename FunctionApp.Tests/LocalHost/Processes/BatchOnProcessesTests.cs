using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slowlane.Tests.Faults;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Processes;

public sealed class BatchOnProcessesTests
{
    private const int Jobs = 150;

    [Fact]
    public async Task Batch_SentToAFrontThatStartsItsWorkers_GivesEachJobItsOwnStatusAndResult()
    {
        await using var cluster = await Cluster.StartAsync();
        await using var host = await HostProcess.StartAsync(cluster.Settings, "--workers", "1");
        var inputs = Enumerable.Range(1, Jobs).Select(job => string.Create(CultureInfo.InvariantCulture, $$"""{"id":1,"batch":"b","job":{{job}},"spin_ms":0}"""));
        using var body = new StringContent($"[{string.Join(',', inputs)}]", Encoding.UTF8, "application/json");

        using var accepted = await host.Client.PostAsync(new Uri("/api/jobs/spin/batch", UriKind.Relative), body, Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        var ids = (await accepted.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("ids").EnumerateArray().Select(id => id.GetString()!).ToList();
        var results = await Task.WhenAll(ids.Select(id => AskAsync(host, $"/api/jobs/{id}/result?wait=60")));
        Assert.Equal(Enumerable.Range(1, Jobs), results.Select(result => result.GetProperty("job").GetInt32()));
        var ends = await Task.WhenAll(ids.Select(id => AskAsync(host, $"/api/jobs/{id}")));
        Assert.Equal(ids.Select(id => (id, "succeeded", 1)), ends.Select(end => (end.GetProperty("id").GetString()!, end.GetProperty("status").GetString()!, end.GetProperty("attempt").GetInt32())));
        await cluster.WrittenOnceAsync(Jobs);
        await cluster.UntilQueueIsEmptyAsync();
    }

    private static async Task<JsonElement> AskAsync(HostProcess host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }
}
