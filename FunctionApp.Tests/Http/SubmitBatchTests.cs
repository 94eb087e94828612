using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class SubmitBatchTests : IAsyncLifetime
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=slowlane;Username=postgres;Timeout=1";
    private const string Path = "/api/jobs/spin/batch";
    private SlowlaneApp _app = null!;

    // Without a database: a batch is accepted all the same.
    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartFrontAsync(database: NoDatabase);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Batch_OfShortJobs_IsOneMessageWithAllOfThem()
    {
        using var response = await _app.PostAsync(Path, Batch(3));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter?.Delta);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal(("spin", 3), (answer.GetProperty("type").GetString(), answer.GetProperty("count").GetInt32()));
        var message = Assert.IsType<JobMessage.Several>(JobMessage.Read(Assert.Single(await MessagesAsync(_app.Storage))));
        Assert.Equal(Ids(answer), message.Jobs.Select(job => job.Id.ToString()), StringComparer.Ordinal);
        Assert.Equal([Spin(0), Spin(1), Spin(2)], message.Jobs.Select(job => job.Input), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Batch_OfOneJob_IsAMessageLikeASubmit()
    {
        var id = Assert.Single(await AcceptAsync(_app, Batch(1)));

        Assert.Equal(id, Messages.One(Assert.Single(await MessagesAsync(_app.Storage))).Id.ToString());
    }

    [Theory]
    [InlineData(2, 500)] // Long ones don't share a message.
    [InlineData(101, 1)]
    [InlineData(5000, 1)]
    public async Task Batch_ThatFitsNoMessage_LiesInABlobThatOneMessageNames(int count, int spinMs)
    {
        var ids = await AcceptAsync(_app, Batch(count, spinMs));

        var batch = Assert.IsType<JobMessage.Batch>(JobMessage.Read(Assert.Single(await MessagesAsync(_app.Storage))));
        Assert.Equal("spin", batch.Type);
        var blob = await Blobs(_app.Storage).GetBlobClient(batch.Blob).DownloadContentAsync(Cancellation);
        Assert.Equal(ids, Messages.Ids(blob.Value.Content.ToString()).Select(id => id.ToString()), StringComparer.Ordinal);
        Assert.Equal(count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Batch_WithFaults_IsRefusedWholeAndNamesThemAll()
    {
        using var response = await _app.PostAsync(Path, $$"""[{{Spin(1)}},{"id":0},{{Spin(2)}},{"id":1,"spin_ms":-1,"color":"red"},7,{"id":1,"batch":"\ud800"}]""");

        var errors = (await ProblemAsync(response, 422, "invalid-input")).GetProperty("errors");
        Assert.Equal(["[1].id", "[3].color", "[3].spin_ms", "[4]", "[4].id", "[5].batch"], errors.EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal("'spin_ms' is -1; send a number from 0 to 3600000.", errors.GetProperty("[3].spin_ms")[0].GetString());
        await AssertNothingSentAsync();
    }

    [Fact]
    public async Task Batch_WithThousandsOfFaults_IsAnsweredInBrief()
    {
        using var response = await _app.PostAsync(Path, "[" + string.Join(',', Enumerable.Repeat("{}", 5000)) + "]");

        var errors = (await ProblemAsync(response, 422, "invalid-input")).GetProperty("errors");
        Assert.Equal(51, errors.EnumerateObject().Count());
        Assert.Contains("There are more errors than the 50 told here", errors.GetProperty("").ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"id":1}""", 422, "invalid-batch", "The body is an object")]
    [InlineData("[]", 422, "invalid-batch", "The array is empty; send 1 to 5000 inputs.")]
    [InlineData("7", 422, "invalid-batch", "The body is a number")]
    [InlineData("", 400, "not-json", "The body is empty")]
    [InlineData("[{]", 400, "not-json", "")]
    public async Task Body_ThatIsNoBatch_IsRefused(string body, int status, string problem, string detail)
    {
        using var response = await _app.PostAsync(Path, body);

        Assert.StartsWith(detail, (await ProblemAsync(response, status, problem)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertNothingSentAsync();
    }

    [Fact]
    public async Task Batch_OverItsBounds_IsRefusedAndSaysThem()
    {
        using var many = await _app.PostAsync(Path, "[" + string.Join(',', Enumerable.Repeat("{}", 5001)) + "]");
        using var large = await _app.PostAsync(Path, Batch(5000, batch: new string('x', 190)));

        Assert.Equal(
            "The array has 5001 inputs; the most is 5000, send them in several batches.",
            (await ProblemAsync(many, 422, "invalid-batch")).GetProperty("detail").GetString());
        Assert.Contains("send a batch in several", (await ProblemAsync(large, 413, "too-large")).GetProperty("detail").GetString(), StringComparison.Ordinal);
        await AssertNothingSentAsync();
    }

    [Fact]
    public async Task Batch_OfAnUnknownTypeOrNoJson_IsRefusedAsASubmitIs()
    {
        using var unknown = await _app.PostAsync("/api/jobs/juggle/batch", Batch(1));
        using var text = new StringContent(Batch(1), Encoding.UTF8, "text/plain");
        using var media = await _app.Client.PostAsync(new Uri(Path, UriKind.Relative), text, Cancellation);

        await ProblemAsync(unknown, 404, "unknown-type");
        await ProblemAsync(media, 415, "not-json-media");
    }

    [Fact]
    public async Task Batch_SentAgainUnderItsKey_HasTheSameIds()
    {
        var ids = await AcceptAsync(_app, $"[{Spin(0)},{Spin(1)}]", "key of a batch");

        Assert.Equal(ids, await AcceptAsync(_app, $"[ {Spin(0)}, {Spin(1)} ]", "key of a batch")); // Layout is no difference.
        Assert.NotEqual(ids, await AcceptAsync(_app, $"[{Spin(0)},{Spin(1)}]", "another key"));
        using var other = await SendAsync(_app, Batch(3), "key of a batch");
        await ProblemAsync(other, 422, "idempotency-key-reused");
        Assert.Equal([ids, ids], (await MessagesAsync(_app.Storage)).Take(2).Select(message => Messages.Ids(message).Select(id => id.ToString())));
    }

    [Theory]
    [InlineData("QueueEndpoint=")]
    [InlineData("BlobEndpoint=")]
    public async Task Batch_WhileStorageIsAway_IsRefusedWholeAndTheSameIdsAreAcceptedLater(string away)
    {
        var storage = await TestServices.StorageAsync();
        await using var cut = await SlowlaneApp.StartFrontAsync(NoDatabase, Without(away, storage));
        await using var whole = await SlowlaneApp.StartFrontAsync(NoDatabase, storage);

        using var refused = await SendAsync(cut, Batch(200), "key of a batch");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.False((await Queue(storage).ExistsAsync(Cancellation)).Value);
        var ids = await AcceptAsync(whole, Batch(200), "key of a batch");

        var batch = Assert.IsType<JobMessage.Batch>(JobMessage.Read(Assert.Single(await MessagesAsync(storage))));
        var blob = await Blobs(storage).GetBlobClient(batch.Blob).DownloadContentAsync(Cancellation);
        Assert.Equal(ids, Messages.Ids(blob.Value.Content.ToString()).Select(id => id.ToString()), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Submits_ManyAtOnce_ShareMessagesAndEachIsInOne()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(job => _app.PostAsync("/api/jobs/spin", Spin(job))));

        var ids = answers.Select(answer => answer.Headers.Location!.OriginalString.Split('/')[^1]).ToList();
        Array.ForEach(answers, answer => answer.Dispose());
        var messages = await MessagesAsync(_app.Storage, 300);
        Assert.Equal(ids.Order(StringComparer.Ordinal), messages.SelectMany(Messages.Ids).Select(id => id.ToString()).Order(StringComparer.Ordinal));
        Assert.InRange(messages.Count, 3, 150);
    }

    [Fact]
    public async Task Submits_OfLongJobsManyAtOnce_HaveAMessageEach()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(job => _app.PostAsync("/api/jobs/spin", Spin(job, 500))));

        Array.ForEach(answers, answer => answer.Dispose());
        Assert.All(await MessagesAsync(_app.Storage, 30), message => Messages.One(message));
    }

    private static string Spin(int job, int spinMs = 1, string batch = "b")
        => string.Create(CultureInfo.InvariantCulture, $$"""{"id":1,"batch":"{{batch}}","job":{{job}},"spin_ms":{{spinMs}}}""");

    private static string Batch(int count, int spinMs = 1, string batch = "b")
        => "[" + string.Join(',', Enumerable.Range(0, count).Select(job => Spin(job, spinMs, batch))) + "]";

    private static List<string> Ids(JsonElement answer) => [.. answer.GetProperty("ids").EnumerateArray().Select(id => id.GetString()!)];

    private static async Task<List<string>> AcceptAsync(SlowlaneApp app, string body, string? key = null)
    {
        using var response = await SendAsync(app, body, key);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return Ids(await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static async Task<HttpResponseMessage> SendAsync(SlowlaneApp app, string body, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        return await app.Client.SendAsync(request, Cancellation);
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage response, int status, string problem)
    {
        Assert.Equal(status, (int)response.StatusCode);
        var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal($"urn:slowlane:problem:{problem}", document.GetProperty("type").GetString());
        return document;
    }

    private static string Without(string endpoint, string storage) => string.Join(
        ';', storage.Split(';').Select(part => part.StartsWith(endpoint, StringComparison.Ordinal) ? $"{endpoint}http://127.0.0.1:1/a" : part));

    private static QueueClient Queue(string storage) => new(storage, JobQueue.Name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static BlobContainerClient Blobs(string storage) => new(storage, "slowlane-inputs");

    private static async Task<List<string>> MessagesAsync(string storage, int jobs = 0)
    {
        var messages = new List<string>();
        await Eventually.HoldsAsync(async () =>
        {
            messages.AddRange((await Queue(storage).ReceiveMessagesAsync(32, cancellationToken: Cancellation)).Value.Select(message => message.Body.ToString()));
            return jobs == 0 || messages.Sum(message => Messages.Ids(message).Count) >= jobs;
        });
        return messages;
    }

    private async Task AssertNothingSentAsync() => Assert.False((await Queue(_app.Storage).ExistsAsync(Cancellation)).Value);
}
