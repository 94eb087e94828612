using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Execution;
using Slowlane.Jobs;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class BatchDispatchTests : IAsyncLifetime
{
    private SlowlaneApp _app = null!;

    private Task DispatchAsync(JobMessage.Batch batch, CancellationToken cancellationToken)
        => _app.Services.GetRequiredService<BatchDispatch>().DispatchAsync(batch, _app.Services.GetRequiredService<JobRegistry>().Find(batch.Type)!, cancellationToken);

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartFrontAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Batch_IsHandedOutInSharedMessagesAndALongJobByItself()
    {
        var ids = await AcceptAsync("spin", [.. Enumerable.Range(0, 252).Select(job => Spin(job, spinMs: job is 7 or 250 ? 500 : 1))]);

        await DispatchAsync(await BatchAsync(), Cancellation);

        var messages = (await MessagesAsync()).ConvertAll(Messages.Ids);
        Assert.Equal([1, 1, 50, 100, 100], messages.Select(jobs => jobs.Count).Order());
        Assert.Equal([7, 250], messages.Where(jobs => jobs.Count == 1).Select(jobs => ids.IndexOf(jobs[0].ToString())).Order());
        Assert.Equal(ids.Order(StringComparer.Ordinal), messages.SelectMany(jobs => jobs).Select(id => id.ToString()).Order(StringComparer.Ordinal));
        Assert.Empty(await BlobsAsync());
    }

    [Fact]
    public async Task LargeInputs_OfABatch_AreHandedOutInBlobsOfTheirOwn()
    {
        var ids = await AcceptAsync("profile", [Rows("a"), Rows("b")]);

        await DispatchAsync(await BatchAsync(), Cancellation);

        var jobs = (await MessagesAsync()).ConvertAll(Messages.One);
        Assert.Equal(ids.Order(StringComparer.Ordinal), jobs.Select(job => job.Id.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(jobs.Select(job => job.Blob).Order(StringComparer.Ordinal), await BlobsAsync(), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Batch_HandedOutByAWorkerThatDiedBeforeItWasThrough_IsHandedOutAgain()
    {
        await AcceptAsync("spin", [.. Enumerable.Range(0, 150).Select(job => Spin(job, 1))]);
        var batch = await BatchAsync();
        var blob = Inputs().GetBlobClient(batch.Blob);
        var content = (await blob.DownloadContentAsync(Cancellation)).Value.Content;
        await DispatchAsync(batch, Cancellation);
        await blob.UploadAsync(content, Cancellation); // As if it had not come to the end.

        await DispatchAsync(batch, Cancellation);

        var sent = (await MessagesAsync()).SelectMany(Messages.Ids).ToList();
        Assert.Equal((300, 150), (sent.Count, sent.Distinct().Count()));
        Assert.Empty(await BlobsAsync());
    }

    [Fact]
    public async Task Batch_WhoseDispatchMeetsAnOutage_IsHandedOutWithItsFirstDelivery()
    {
        using var transport = new BlockingTransport();
        await using var worker = await SlowlaneApp.StartFrontAsync(
            _app.Database.ConnectionString, _app.Storage, services => services.AddSingleton(provider => new JobQueue(provider.GetRequiredService<SlowlaneOptions>(), transport)));
        await AcceptAsync("spin", [.. Enumerable.Range(0, 150).Select(job => Spin(job, 0))]);
        var message = Assert.Single(await MessagesAsync());

        // Each of the two messages is tried three times: however these fall, one is given up.
        for (var failed = 0; failed < 5; failed++)
        {
            transport.Fail(new Azure.RequestFailedException("Storage is away."));
        }

        transport.Open();
        var runner = worker.Services.GetRequiredService<JobRunner>();
        await runner.RunAsync(message, null!, Cancellation);

        Assert.Empty(await BlobsAsync());
        foreach (var shared in await MessagesAsync())
        {
            await runner.RunAsync(shared, null!, Cancellation);
        }

        Assert.Equal(150, await _app.Database.QueryAsync<long>("select count(distinct job_id) from slowlane.job join slowlane.result on id = job_id where status = 'succeeded' and attempt = 1"));
    }

    [Fact]
    public async Task Batch_WhoseBlobIsGone_IsRefusedWithWhatThatMeans()
    {
        var gone = await Assert.ThrowsAsync<FormatException>(() => DispatchAsync(new JobMessage.Batch("spin", "batch-x.json"), Cancellation));

        Assert.Contains("'batch-x.json'", gone.Message, StringComparison.Ordinal);
        Assert.Contains("If they were handed out before, nothing is missing", gone.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("""{"v":2,"type":"spin","batch":"another.json"}""")]
    public async Task Blob_ThatHoldsNoJobs_IsRefusedAndKept(string content)
    {
        await Inputs().CreateAsync(cancellationToken: Cancellation);
        await Inputs().GetBlobClient("b.json").UploadAsync(BinaryData.FromString(content), Cancellation);

        await Assert.ThrowsAsync<FormatException>(() => DispatchAsync(new JobMessage.Batch("spin", "b.json"), Cancellation));

        Assert.Equal("b.json", Assert.Single(await BlobsAsync()));
    }

    [Fact]
    public async Task Batch_OfATypeThatThisWorkerDoesNotKnow_IsRefusedByItsName()
        => Assert.Contains(
            "'juggle'", (await Assert.ThrowsAsync<FormatException>(() => _app.Services.GetRequiredService<JobRunner>().RunAsync(SharedMessage.OfBatch("juggle", "b.json").ToString(), null!, Cancellation))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Batch_WhoseDispatchIsStopped_KeepsItsBlob()
    {
        await AcceptAsync("spin", [.. Enumerable.Range(0, 150).Select(job => Spin(job, 500))]);
        var batch = await BatchAsync();
        using var stopped = new CancellationTokenSource();
        var dispatch = DispatchAsync(batch, stopped.Token);
        await stopped.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dispatch);

        Assert.Equal(batch.Blob, Assert.Single(await BlobsAsync()));
    }

    private static string Spin(int job, int spinMs)
        => string.Create(CultureInfo.InvariantCulture, $$"""{"id":1,"batch":"b","job":{{job}},"spin_ms":{{spinMs}}}""");

    private static string Rows(string letter) => $$"""{"rows":[{"text":"{{string.Concat(Enumerable.Repeat(letter, 60_000))}}"}]}""";

    private async Task<List<string>> AcceptAsync(string type, string[] inputs)
    {
        using var response = await _app.PostAsync($"/api/jobs/{type}/batch", $"[{string.Join(',', inputs)}]");
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        return [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];
    }

    /// <summary>Takes the batch's message off the queue.</summary>
    private async Task<JobMessage.Batch> BatchAsync() => Assert.IsType<JobMessage.Batch>(JobMessage.Read(Assert.Single(await MessagesAsync())));

    private async Task<List<string>> MessagesAsync()
    {
        var queue = new QueueClient(_app.Storage, JobQueue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        return [.. (await queue.ReceiveMessagesAsync(32, TimeSpan.FromHours(1), Cancellation)).Value.Select(message => message.Body.ToString())];
    }

    private BlobContainerClient Inputs() => new(_app.Storage, "slowlane-inputs");

    private async Task<List<string>> BlobsAsync()
    {
        var names = new List<string>();
        await foreach (var blob in Inputs().GetBlobsAsync(cancellationToken: Cancellation))
        {
            names.Add(blob.Name);
        }

        return names;
    }
}
