using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class IdempotentSubmitTests
{
    private const string NoDatabase = "Host=127.0.0.1;Port=1;Database=slowlane;Username=postgres;Timeout=1";
    private const string Spin = """{"id":1,"batch":"b","job":1,"spin_ms":1}""";
    private const string Key = "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"";

    [Fact]
    public async Task Submit_SentTwentyTimesAtOnceUnderOneKey_IsOneJobThatRunsOnce()
    {
        await using var app = await SlowlaneApp.StartAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => IdAsync(app, Spin)));

        var id = Assert.Single(ids.Distinct(StringComparer.Ordinal));
        await app.FinishedAsync($"/api/jobs/{id}");
        await EmptyAsync(app.Storage);
        Assert.Equal(1, await app.Database.QueryAsync<long>("select count(*) from slowlane.job"));
        Assert.Equal(1, await app.Database.QueryAsync<long>("select count(*) from result"));
        await AssertReplayTellsTheEndAsync(app, id);
    }

    [Fact]
    public async Task Submit_UnderAUsedKeyWithAnotherBody_IsRefusedAndSendsNothing()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        await IdAsync(app, Spin);

        using var response = await SendAsync(app, "spin", """{"id":2}""");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal("urn:slowlane:problem:idempotency-key-reused", problem.GetProperty("type").GetString());
        Assert.Single(await MessagesAsync(app.Storage));
        Assert.Equal(await IdAsync(app, Spin), await IdAsync(app, """ { "id": 1, "batch": "b", "job": 1, "spin_ms": 1 } """)); // Layout is no difference.
    }

    [Fact]
    public async Task Submit_UnderTheKeyOfAnotherTypeOrCaller_IsAJobOfItsOwn()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();

        string[] ids =
        [
            await IdAsync(app, Spin),
            await IdAsync(app, Spin, caller: "one"),
            await IdAsync(app, Spin, caller: "two"),
            await IdAsync(app, """{"table":"movies"}""", "profile"),
        ];

        Assert.Equal(ids.Length, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(ids[1], await IdAsync(app, Spin, "spin?code=one"));
    }

    [Fact]
    public async Task Submit_SentAgainWhileTheDatabaseIsDown_IsTheSameJob()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(database: NoDatabase);

        Assert.Equal(await IdAsync(app, Spin), await IdAsync(app, Spin));
    }

    [Fact]
    public async Task Submit_SentAgainAfterAFrontDiedBetweenKeyAndMessage_IsSentOnce()
    {
        var storage = await TestServices.StorageAsync();
        await using var cut = await SlowlaneApp.StartFrontAsync(storage: WithoutQueue(storage));
        await using var whole = await SlowlaneApp.StartFrontAsync(storage: storage);

        using var refused = await SendAsync(cut, "spin", Spin);
        using var other = await SendAsync(whole, "spin", """{"id":2}""");
        var id = await IdAsync(whole, Spin);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.UnprocessableEntity), (refused.StatusCode, other.StatusCode));
        Assert.Contains("under the same Idempotency-Key", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(id, Messages.One(Assert.Single(await MessagesAsync(storage)).Body.ToString()).Id.ToString());
    }

    [Fact]
    public async Task Submit_OfAnInputInABlobSentAgain_IsTheSameJob()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        var large = $$"""{"rows":[{"text":"{{new string('x', 60_000)}}"}]}""";

        Assert.Equal(await IdAsync(app, large, "profile"), await IdAsync(app, large, "profile"));
    }

    [Fact]
    public async Task Key_AfterADay_StandsForOneNewJob()
    {
        await using var today = await SlowlaneApp.StartFrontAsync();
        await using var tomorrow = await SlowlaneApp.StartFrontAsync(
            storage: today.Storage, services: services => services.AddSingleton<TimeProvider>(new LaterTime(TimeSpan.FromHours(25))));
        var old = await IdAsync(today, Spin);

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => IdAsync(tomorrow, Spin)));

        Assert.NotEqual(old, Assert.Single(ids.Distinct(StringComparer.Ordinal)), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("spin")]
    [InlineData("spin?wait=5")]
    public async Task Submit_UnderTheKeyOfAPurgedJob_IsToldSo(string path)
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        var id = await IdAsync(app, Spin);
        using var look = await app.GetAsync($"/api/jobs/{id}"); // Makes the tables.
        await Eventually.HoldsAsync(() => app.Database.QueryAsync<bool>("select count(*) > 0 from slowlane.job"));

        await app.Database.ExecuteAsync($"insert into slowlane.purged (id) values ('{id[..32]}'); delete from slowlane.job");

        using var response = await SendAsync(app, path, Spin);

        Assert.Equal((HttpStatusCode.Gone, $"/api/jobs/{id}"), (response.StatusCode, response.Headers.Location?.OriginalString));
    }

    [Fact]
    public async Task Submit_UnderABadKey_IsRefused()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();

        using var response = await SendAsync(app, "spin", Spin, key: "short");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("urn:slowlane:problem:bad-idempotency-key", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    private static async Task AssertReplayTellsTheEndAsync(SlowlaneApp app, string id)
    {
        using var status = await SendAsync(app, "spin", Spin);
        using var result = await SendAsync(app, "spin?wait=5", Spin);
        var document = await status.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((HttpStatusCode.Accepted, "succeeded"), (status.StatusCode, document.GetProperty("status").GetString()));
        Assert.Equal((HttpStatusCode.OK, $"/api/jobs/{id}"), (result.StatusCode, result.Headers.Location?.OriginalString));
    }

    private static async Task<string> IdAsync(SlowlaneApp app, string json, string type = "spin", string? caller = null)
    {
        using var response = await SendAsync(app, type, json, caller);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("id").GetString()!;
    }

    private static async Task<HttpResponseMessage> SendAsync(SlowlaneApp app, string type, string json, string? caller = null, string key = Key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"/api/jobs/{type}", UriKind.Relative))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", key } },
        };
        if (caller is not null)
        {
            request.Headers.Add("x-functions-key", caller);
        }

        return await app.Client.SendAsync(request, Cancellation);
    }

    private static string WithoutQueue(string storage) => string.Join(
        ';', storage.Split(';').Select(part => part.StartsWith("QueueEndpoint=", StringComparison.Ordinal) ? "QueueEndpoint=http://127.0.0.1:1/a" : part));

    private static QueueClient Queue(string storage) => new(storage, "jobs", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });

    private static async Task<QueueMessage[]> MessagesAsync(string storage) => (await Queue(storage).ReceiveMessagesAsync(32, cancellationToken: Cancellation)).Value;

    private static Task EmptyAsync(string storage)
        => Eventually.HoldsAsync(async () => (await Queue(storage).GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 0);
}
