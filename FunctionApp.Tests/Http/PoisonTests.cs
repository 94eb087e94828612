using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Jobs;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class PoisonTests : IAsyncLifetime
{
    private const string Spin = """{"id":1,"batch":"replayed","spin_ms":0}""";

    private SlowlaneApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await SlowlaneApp.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Replay_OfAPoisonedJob_RunsItOnceAndASecondOneIsRefused()
    {
        var id = JobId.New(TimeProvider.System, TestStores.Spin.Tag);
        await PoisonAsync(Envelope.WithInput(id, "spin", System.Text.Encoding.UTF8.GetBytes(Spin)).ToString());
        Assert.Equal("poisoned", (await _app.FinishedAsync($"/api/jobs/{id}")).GetProperty("error").GetProperty("type").GetString());

        using var replay = await _app.PostAsync("/api/poison/1/replay", "");

        Assert.Equal((HttpStatusCode.Accepted, $"/api/jobs/{id}"), (replay.StatusCode, replay.Headers.Location?.OriginalString));
        var status = await _app.FinishedAsync($"/api/jobs/{id}");
        Assert.Equal(("succeeded", 1, 5), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32(), status.GetProperty("maxAttempts").GetInt32()));
        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from result where batch = 'replayed'"));
        await RefusedAsync("1", HttpStatusCode.Conflict, "already-replayed");
    }

    [Fact]
    public async Task Replay_OfAMessageThatJobsShare_RunsEachOfThemOnce()
    {
        var jobs = Enumerable.Range(0, 3).Select(_ => Accepted(TestStores.Submitted())).ToList();
        await PoisonAsync(SharedMessage.Write("spin", jobs).ToString());
        foreach (var job in jobs)
        {
            Assert.Equal("failed", (await _app.FinishedAsync($"/api/jobs/{job.Id}")).GetProperty("status").GetString());
        }

        using var replay = await _app.PostAsync("/api/poison/1/replay", "");

        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        foreach (var job in jobs)
        {
            Assert.Equal("succeeded", (await _app.FinishedAsync($"/api/jobs/{job.Id}")).GetProperty("status").GetString());
        }

        Assert.Equal(3, await _app.Database.QueryAsync<long>("select count(*) from result where batch = 'replayed'"));
        await RefusedAsync("1", HttpStatusCode.Conflict, "already-replayed");
    }

    [Fact]
    public async Task Replay_OfAMessageThatJobsShare_LeavesTheCancelWishOfOneThatItDidNotFree()
    {
        var (poisoned, running) = (TestStores.Submitted(), TestStores.Submitted());
        var type = _app.Services.GetRequiredService<JobRegistry>().Find("spin")!;
        await _app.Services.GetRequiredService<ClaimStore>().ClaimAsync(running, type, Cancellation);
        await _app.Services.GetRequiredService<ControlStore>().CancelAsync(running.Id, type, mayWait: true, Cancellation);
        await PoisonAsync(SharedMessage.Write("spin", [Accepted(poisoned), Accepted(running)]).ToString());
        Assert.Equal("failed", (await _app.FinishedAsync($"/api/jobs/{poisoned.Id}")).GetProperty("status").GetString());

        using var replay = await _app.PostAsync("/api/poison/1/replay", "");

        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);
        Assert.Equal("succeeded", (await _app.FinishedAsync($"/api/jobs/{poisoned.Id}")).GetProperty("status").GetString());
        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from slowlane.cancellation join slowlane.job on id = job_id where status = 'running'"));
    }

    [Fact]
    public async Task Replay_WhoseMessageIsLost_IsRunByTheSweepsWakeUpAlone()
    {
        var id = JobId.New(TimeProvider.System, TestStores.Spin.Tag);
        await PoisonAsync(Envelope.WithInput(id, "spin", System.Text.Encoding.UTF8.GetBytes(Spin)).ToString());
        await _app.FinishedAsync($"/api/jobs/{id}");

        // As a replay leaves the row, and what the sweep sends when the replay's message doesn't come.
        await _app.Database.ExecuteAsync("update slowlane.job set status = 'queued', due_at = now(), max_attempts = 5, finished_at = null, error_type = null");
        await SendAsync("jobs", Envelope.WakeUp(id, "spin").ToString());

        Assert.Equal("succeeded", (await _app.FinishedAsync($"/api/jobs/{id}")).GetProperty("status").GetString());
        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from result where batch = 'replayed'"));
    }

    [Fact]
    public async Task Replay_OfAMessageThatIsStillNoEnvelope_ComesBackWithAnIdOfItsOwn()
    {
        await PoisonAsync("no envelope");
        await ListedAsync(1);

        using var replay = await _app.PostAsync("/api/poison/1/replay", "");
        Assert.Equal(HttpStatusCode.Accepted, replay.StatusCode);

        var messages = await ListedAsync(2);
        Assert.Equal([2, 1], messages.Select(message => message.GetProperty("id").GetInt32()));
        Assert.All(messages, message => Assert.Equal("no envelope", message.GetProperty("body").GetString()));
        Assert.Equal([JsonValueKind.Null, JsonValueKind.String], messages.Select(message => message.GetProperty("replayedAt").ValueKind));
    }

    [Theory]
    [InlineData("not base64!")]
    [InlineData("/w==")] // Base64, but of no text.
    public async Task Message_ThatIsNotBase64OfAText_IsListedAsItCame(string raw)
    {
        await new QueueClient(_app.Storage, "jobs-poison").CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await new QueueClient(_app.Storage, "jobs-poison").SendMessageAsync(raw, Cancellation); // As the host moves it.

        var message = Assert.Single(await ListedAsync(1));
        Assert.Equal((raw, JsonValueKind.Null), (message.GetProperty("body").GetString(), message.GetProperty("jobId").ValueKind));
        Assert.Contains("not a job envelope", message.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_OfAMessageLargerThanAnyOfOurs_IsRefusedAndChangesNothing()
    {
        await new QueueClient(_app.Storage, "jobs-poison").CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await new QueueClient(_app.Storage, "jobs-poison").SendMessageAsync(new string('!', (48 * 1024) + 1), Cancellation);
        await ListedAsync(1);

        await RefusedAsync("1", HttpStatusCode.Conflict, "not-replayable");

        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from slowlane.poison where replayed_at is null"));
    }

    [Fact]
    public async Task Replay_OfAJobThatEndedOtherwise_IsRefusedAndChangesNothing()
    {
        var location = await _app.SubmitAsync("spin", Spin);
        await _app.FinishedAsync(location);
        var id = location.Split('/')[^1];
        await _app.Database.ExecuteAsync($"insert into slowlane.poison (job_id, body, reason) values ('{id[..32]}', 'x', '')");

        await RefusedAsync("1", HttpStatusCode.Conflict, "not-poisoned");

        Assert.Equal(1, await _app.Database.QueryAsync<long>("select count(*) from slowlane.poison where replayed_at is null"));
    }

    [Fact]
    public async Task Replay_WhileTheQueueIsDown_SaysTryAgainAndChangesNothing()
    {
        var id = JobId.New(TimeProvider.System, TestStores.Spin.Tag);
        await PoisonAsync(Envelope.WithInput(id, "spin", System.Text.Encoding.UTF8.GetBytes(Spin)).ToString());
        await _app.FinishedAsync($"/api/jobs/{id}");
        await using var cutOff = await SlowlaneApp.StartFrontAsync(
            _app.Database.ConnectionString, "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;");

        using var replay = await cutOff.PostAsync("/api/poison/1/replay", "");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (replay.StatusCode, replay.Headers.RetryAfter?.Delta?.TotalSeconds));
        Assert.Contains("The storage account can", await replay.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("failed", await _app.Database.QueryAsync<string>("select status from slowlane.job join slowlane.poison on job_id = job.id where replayed_at is null"));
    }

    [Fact]
    public async Task List_WhileTheDatabaseIsDown_SaysTryAgain()
    {
        await using var cutOff = await SlowlaneApp.StartFrontAsync(database: "Host=127.0.0.1;Port=1;Database=slowlane;Username=postgres;Timeout=1");

        using var list = await cutOff.GetAsync("/api/poison");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (list.StatusCode, list.Headers.RetryAfter?.Delta?.TotalSeconds));
    }

    [Theory]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("one")]
    [InlineData("99999999999999999999")]
    public async Task Replay_OfAnUnknownMessage_IsNotFound(string id) => await RefusedAsync(id, HttpStatusCode.NotFound, "unknown-poison");

    [Fact]
    public async Task List_IsPagedTheLatestFirst_AndShortensBodies()
    {
        await _app.SubmitAsync("spin", Spin); // Its claim makes the schema.
        await ListedAsync(0);
        await _app.Database.ExecuteAsync("insert into slowlane.poison (body, reason) select repeat('é', 5000), 'r' || n from generate_series(1, 5) n");

        using var first = await _app.GetAsync("/api/poison?limit=3");
        var page = await first.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal([5, 4, 3], Ids(page));
        Assert.Equal((1000, 5000), (page.GetProperty("messages")[0].GetProperty("body").GetString()!.Length, page.GetProperty("messages")[0].GetProperty("bodyLength").GetInt32()));
        Assert.Equal("</api/poison?limit=3&cursor=3>; rel=\"next\"", Assert.Single(first.Headers.GetValues("Link")));

        using var last = await _app.GetAsync(page.GetProperty("next").GetString()!);
        page = await last.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal([2, 1], Ids(page));
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.False(last.Headers.Contains("Link"));
    }

    [Fact]
    public async Task List_WithBadParameters_NamesEachOfThem()
    {
        using var response = await _app.GetAsync("/api/poison?limit=201&cursor=next&page=2");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("'limit' is '201'; send a whole number from 1 to 200.", problem.GetProperty("errors").GetProperty("limit")[0].GetString());
        Assert.Equal("There is no parameter 'page'; known: limit, cursor.", problem.GetProperty("errors").GetProperty("page")[0].GetString());
        Assert.Contains("'cursor' is 'next'", problem.GetProperty("errors").GetProperty("cursor")[0].GetString(), StringComparison.Ordinal);
    }

    private static IEnumerable<int> Ids(JsonElement page) => page.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("id").GetInt32());

    private Task<List<JsonElement>> ListedAsync(int count) => Eventually.SeesAsync(
        async () =>
        {
            using var response = await _app.GetAsync("/api/poison");
            return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("messages").EnumerateArray().ToList();
        },
        messages => messages.Count == count);

    private async Task RefusedAsync(string id, HttpStatusCode status, string problem)
    {
        using var response = await _app.PostAsync($"/api/poison/{id}/replay", "");
        var document = await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
        Assert.Equal((status, "urn:slowlane:problem:" + problem), (response.StatusCode, document.GetProperty("type").GetString()));
    }

    private static AcceptedJob Accepted(Envelope envelope) => new(envelope.Id, System.Text.Encoding.UTF8.GetBytes(Spin), null);

    private Task PoisonAsync(string message) => SendAsync("jobs-poison", message);

    private async Task SendAsync(string name, string message)
    {
        var queue = new QueueClient(_app.Storage, name, new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancellation);
        await queue.SendMessageAsync(message, Cancellation);
    }
}
