using System.Net;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class KilledFrontTests
{
    [Fact]
    public async Task Front_KilledWhileACallerWaitsAndRightAfterA202_IsReplacedByAnotherThatAnswersForItsJobs()
    {
        await using var cluster = await Cluster.StartAsync();
        var front = await cluster.StartFrontAsync();
        Task<HttpResponseMessage> waiting;
        string location, promised;
        await using (await cluster.LockAsync("profile"))
        {
            location = await SubmitAsync(front, 1);
            await cluster.JoinAsync();
            await cluster.UntilWaitsAsync("select id, data from profile");
            waiting = front.Client.GetAsync(new Uri($"{location}?wait=60", UriKind.Relative), Cancellation);

            promised = await SubmitAsync(front, 2);
            await front.VanishAsync();
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => waiting);
        foreach (var job in (string[])[location, promised])
        {
            Assert.Equal("succeeded", (await cluster.Front.FinishedAsync(job)).GetProperty("status").GetString());
        }

        await cluster.WrittenOnceAsync(2);
    }

    internal static async Task<string> SubmitAsync(HostProcess front, int job)
    {
        using var content = new StringContent($$"""{"id":1,"batch":"b","job":{{job}},"spin_ms":1}""", System.Text.Encoding.UTF8, "application/json");
        using var response = await front.Client.PostAsync(new Uri("/api/jobs/spin", UriKind.Relative), content, Cancellation);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return response.Headers.Location!.OriginalString;
    }
}
