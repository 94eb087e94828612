using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Storage.Queues;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class PauseTests
{
    [Fact]
    public async Task Job_OfAPausedType_WaitsWhileOthersRunAndRunsOnceAfterTheResume()
    {
        using var type = new ScriptedJob(_ => "done");
        await using var app = await type.StartAsync();
        var (code, pause) = await AskAsync(app, HttpMethod.Post, "scripted/pause");
        Assert.Equal((HttpStatusCode.OK, "scripted", true), (code, pause.GetProperty("type").GetString(), pause.GetProperty("paused").GetBoolean()));
        var since = pause.GetProperty("since").GetDateTimeOffset();

        var paused = await app.SubmitAsync("scripted", "{}");
        var cancelled = await app.SubmitAsync("scripted", "{}");
        await UntilAsync(app, "select count(*) = 2 from slowlane.job where type = 'scripted' and status = 'queued'"); // Their messages have come.
        var other = await app.FinishedAsync(await app.SubmitAsync("spin", """{"id":1,"batch":"meanwhile","spin_ms":0}"""));
        await app.SweepAsync();

        Assert.Equal(("succeeded", "queued", 0), (Status(other), Status(await DocumentAsync(app, paused)), type.Runs));
        await UntilEmptyAsync(app);
        using var cancel = await app.PostAsync(cancelled + "/cancel", "");
        Assert.Equal(HttpStatusCode.OK, cancel.StatusCode);
        (_, pause) = await AskAsync(app, HttpMethod.Get, "scripted/pause");
        Assert.Equal(since, pause.GetProperty("since").GetDateTimeOffset());

        (code, pause) = await AskAsync(app, HttpMethod.Post, "scripted/resume");
        await UntilAsync(app, "select count(*) = 0 from slowlane.job join slowlane.paused using (type) where status = 'queued' and due_at <= resumed_at"); // Woken behind the answer, without the sweep.
        Assert.Equal((HttpStatusCode.OK, false, JsonValueKind.Null), (code, pause.GetProperty("paused").GetBoolean(), pause.GetProperty("since").ValueKind));
        var status = await app.FinishedAsync(paused);
        await app.SweepAsync();
        await UntilEmptyAsync(app);

        Assert.Equal(("succeeded", 1, "cancelled", 1), (Status(status), status.GetProperty("attempt").GetInt32(), Status(await DocumentAsync(app, cancelled)), type.Runs));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(app, HttpMethod.Post, "scripted/resume")).Code);
    }

    [Theory]
    [InlineData("juggle/pause")]
    [InlineData("juggle/resume")]
    public async Task Pause_OfAnUnknownType_NamesTheKnownOnes(string path)
    {
        await using var app = await SlowlaneApp.StartFrontAsync();

        var (code, problem) = await AskAsync(app, HttpMethod.Post, path);

        Assert.Equal((HttpStatusCode.NotFound, "urn:slowlane:problem:unknown-type"), (code, problem.GetProperty("type").GetString()));
        Assert.Contains($"known: {app.KnownTypes}", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pause_WhileTheDatabaseIsDown_SaysTryAgain()
    {
        await using var cutOff = await SlowlaneApp.StartFrontAsync(database: "Host=127.0.0.1;Port=1;Database=slowlane;Username=postgres;Timeout=1");

        foreach (var path in (string[])["/api/jobs/spin/pause", "/api/jobs/spin/resume"])
        {
            using var response = await cutOff.PostAsync(path, "");
            Assert.Equal((HttpStatusCode.ServiceUnavailable, 5), (response.StatusCode, response.Headers.RetryAfter?.Delta?.TotalSeconds));
        }
    }

    [Fact]
    public async Task Sweep_AfterAResume_WakesTheJobsThatTheResumeDidNot()
    {
        using var type = new ScriptedJob(_ => "done");
        await using var app = await type.StartAsync();
        await AskAsync(app, HttpMethod.Post, "scripted/pause");
        var paused = await app.SubmitAsync("scripted", "{}");
        await UntilAsync(app, "select count(*) = 1 from slowlane.job where status = 'queued'");

        await app.Database.ExecuteAsync("update slowlane.paused set resumed_at = now()"); // And the process that did so is gone.
        await app.SweepAsync();

        Assert.True(await app.Database.QueryAsync<bool>("select count(*) = 0 from slowlane.job where status = 'queued' and sends = 0"));
        Assert.Equal("succeeded", Status(await app.FinishedAsync(paused)));
    }

    [Fact]
    public async Task Resume_WhileTheQueueIsDown_StandsAndTheSweepWakesTheJobs()
    {
        using var type = new ScriptedJob(_ => "done");
        await using var app = await type.StartAsync();
        await AskAsync(app, HttpMethod.Post, "scripted/pause");
        var paused = await app.SubmitAsync("scripted", "{}");
        await UntilAsync(app, "select count(*) = 1 from slowlane.job where status = 'queued'");
        await using var cutOff = await SlowlaneApp.StartFrontAsync(
            app.Database.ConnectionString,
            "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;",
            services => type.Register(services));

        Assert.Equal(HttpStatusCode.OK, (await AskAsync(cutOff, HttpMethod.Post, "scripted/resume")).Code);

        await app.Database.ExecuteAsync("update slowlane.job set due_at = now() - interval '61 seconds'"); // As the time would.
        await app.SweepAsync();
        Assert.Equal("succeeded", Status(await app.FinishedAsync(paused)));
        Assert.Equal(1, type.Runs);
    }

    private static async Task<(HttpStatusCode Code, JsonElement Document)> AskAsync(SlowlaneApp app, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, $"/api/jobs/{path}");
        using var response = await app.Client.SendAsync(request, Cancellation);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static async Task<JsonElement> DocumentAsync(SlowlaneApp app, string location)
    {
        using var response = await app.GetAsync(location);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation);
    }

    private static string? Status(JsonElement document) => document.GetProperty("status").GetString();

    private static Task UntilAsync(SlowlaneApp app, string sql) => Eventually.HoldsAsync(() => app.Database.QueryAsync<bool>(sql), sql);

    // Nothing waits in the queue, and nothing is poison.
    private static async Task UntilEmptyAsync(SlowlaneApp app)
    {
        await Eventually.SeesAsync(async () => (await new QueueClient(app.Storage, "jobs").GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount, messages => messages == 0);

        Assert.Equal(0, await app.Database.QueryAsync<long>("select count(*) from slowlane.poison"));
    }
}
