using System.Globalization;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class BadMessageTests
{
    private static readonly (string, string) RetriedAtOnce = ("AzureFunctionsJobHost__extensions__queues__visibilityTimeout", "00:00:00");

    [Fact]
    public async Task Messages_ThatAreNoJobs_EndAsPoisonWithTheReasonWhileTheJobsAroundThemRun()
    {
        await using var cluster = await Cluster.StartAsync(settings: RetriedAtOnce);
        var unknown = JobId.New(TimeProvider.System, 1);
        var first = await cluster.SubmitAsync(job: 1);
        await cluster.Queue.SendMessageAsync("not JSON", Cancellation);
        await cluster.Queue.SendMessageAsync("""{"v":3,"id":"x","type":"spin"}""", Cancellation);
        await cluster.Queue.SendMessageAsync(Envelope.WithInput(unknown, "juggle", "{}"u8), cancellationToken: Cancellation);
        await new QueueClient(cluster.Storage, "jobs").SendMessageAsync("not base64!", Cancellation);
        var last = await cluster.SubmitAsync(job: 2);

        cluster.StartWorker();

        foreach (var location in (string[])[first, last])
        {
            Assert.Equal("succeeded", (await cluster.Front.FinishedAsync(location)).GetProperty("status").GetString());
        }

        await cluster.WrittenOnceAsync(2);
        await cluster.UntilAsync("count(*) = 4 from slowlane.poison");
        Assert.True(await cluster.AskAsync<bool>("select bool_or(reason like '%not a job envelope%' and body = 'not base64!') from slowlane.poison"));
        Assert.True(await cluster.AskAsync<bool>("select bool_or(reason like '%not a job envelope%' and body = 'not JSON') and bool_or(reason like '%version 3%') from slowlane.poison"));
        Assert.Equal("poisoned", (await cluster.Front.FinishedAsync($"/api/jobs/{unknown}")).GetProperty("error").GetProperty("type").GetString());
        await cluster.UntilQueueIsEmptyAsync();
        var poison = new QueueClient(cluster.Storage, "jobs-poison");
        await Eventually.HoldsAsync(async () => (await poison.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0);
    }

    [Fact]
    public async Task Job_WhoseInputBlobIsGone_FailsAtOnceAndSaysSo()
    {
        await using var cluster = await Cluster.StartAsync();
        var rows = string.Join(',', Enumerable.Range(0, 5000).Select(i => string.Create(CultureInfo.InvariantCulture, $$"""{"number":{{i}}}""")));
        var location = await cluster.Front.SubmitAsync("profile", $$"""{"rows":[{{rows}}]}""");
        Assert.True(await new BlobContainerClient(cluster.Storage, "slowlane-inputs").DeleteBlobIfExistsAsync($"{location[(location.LastIndexOf('/') + 1)..]}.json", cancellationToken: Cancellation));

        await cluster.JoinAsync();

        var status = await cluster.Front.FinishedAsync(location);
        Assert.Equal(("failed", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        Assert.Equal("input-missing", status.GetProperty("error").GetProperty("type").GetString());
        await cluster.UntilQueueIsEmptyAsync();
    }
}
