using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class JobControlTests
{
    [Fact]
    public async Task Cancel_OfAJobThatNoWorkerHasClaimed_KeepsItFromRunningUntilItIsRetried()
    {
        using var open = new ManualResetEventSlim();
        using var type = new ScriptedJob(_ =>
        {
            open.Wait();
            return "done";
        });
        await using var app = await type.StartAsync();
        await app.SubmitAsync("scripted", "{}");
        await app.SubmitAsync("scripted", "{}"); // Both lanes are taken now.
        await type.Started.WaitAsync(Cancellation);
        await type.Started.WaitAsync(Cancellation);
        var location = await app.SubmitAsync("scripted", """{"note":"kept"}""");

        var (code, status) = await CancelAsync(app, location);
        open.Set();

        Assert.Equal((HttpStatusCode.OK, "cancelled", "scripted"), (code, Status(status), status.GetProperty("type").GetString()));
        Assert.False(status.GetProperty("links").TryGetProperty("cancel", out _));
        await UntilAsync(app, "select count(*) = 1 from slowlane.job where status = 'cancelled' and input = '{\"note\":\"kept\"}'"); // Its message has come.
        Assert.Equal(2, type.Runs);

        Assert.Equal(HttpStatusCode.Accepted, (await RetryAsync(app, location)).Code);
        Assert.Equal("succeeded", Status(await app.FinishedAsync(location)));
        Assert.Equal(3, type.Runs);
    }

    [Fact]
    public async Task Cancel_OfARunningJob_EndsItByItsTokenAndARetryRunsItAnew()
    {
        var patient = true;
        using var type = new ScriptedJob(context => patient ? ScriptedJob.UntilStopped(context) : "done");
        await using var app = await type.StartAsync();
        var location = await app.SubmitAsync("scripted", "{}");
        await type.Started.WaitAsync(Cancellation);

        var (code, status) = await CancelAsync(app, location);
        Assert.Equal((HttpStatusCode.Accepted, "running"), (code, Status(status)));
        Assert.Equal(location + "/cancel", status.GetProperty("links").GetProperty("cancel").GetString());
        Assert.Equal("cancelled", Status(await app.FinishedAsync(location)));
        Assert.Equal((HttpStatusCode.OK, "cancelled"), await CancelAsync(app, location) is var (again, same) ? (again, Status(same)) : default);

        using var result = await app.GetAsync(location + "/result");
        Assert.Equal((HttpStatusCode.Conflict, "urn:slowlane:problem:job-cancelled"), (result.StatusCode, Type(await result.Content.ReadFromJsonAsync<JsonElement>(Cancellation))));

        patient = false;
        Assert.Equal((HttpStatusCode.Accepted, "queued"), await RetryAsync(app, location) is var (retried, queued) ? (retried, Status(queued)) : default);
        status = await app.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (Status(status), status.GetProperty("attempt").GetInt32()));

        Assert.Equal((HttpStatusCode.Conflict, "urn:slowlane:problem:job-finished"), await CancelAsync(app, location) is var (late, refusal) ? (late, Type(refusal)) : default);
        Assert.Equal((HttpStatusCode.Conflict, "urn:slowlane:problem:job-not-retryable"), await RetryAsync(app, location) is var (denied, reason) ? (denied, Type(reason)) : default);
        Assert.Contains("succeeded", reason.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_OfAJobThatIgnoresItsToken_EndsItAndLeavesTheLaneToOthers()
    {
        using var open = new ManualResetEventSlim();
        using var type = new ScriptedJob(_ =>
        {
            open.Wait();
            return "too late";
        });
        await using var app = await type.StartAsync();
        var location = await app.SubmitAsync("scripted", "{}");
        await type.Started.WaitAsync(Cancellation);

        await CancelAsync(app, location);

        Assert.Equal("cancelled", Status(await app.FinishedAsync(location)));
        open.Set();
        Assert.Equal("succeeded", Status(await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"))));
    }

    [Fact]
    public async Task Cancel_WhileTheResultIsWritten_RollsItBackWithoutWaitingForIt()
    {
        using var writing = new SemaphoreSlim(0);
        using var type = new ScriptedJob(_ => "done")
        {
            Write = async (transaction, cancellationToken) =>
            {
                await using var effect = new NpgsqlCommand("insert into result (batch, job, profile_id, value) values ('', 0, 0, '')", transaction.Connection, transaction);
                await effect.ExecuteNonQueryAsync(cancellationToken);
                writing.Release();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            },
        };
        await using var app = await type.StartAsync();
        var location = await app.SubmitAsync("scripted", "{}");
        await writing.WaitAsync(Cancellation);

        Assert.Equal(HttpStatusCode.Accepted, (await CancelAsync(app, location)).Code);

        Assert.Equal("cancelled", Status(await app.FinishedAsync(location)));
        Assert.Equal(0, await app.Database.QueryAsync<long>("select count(*) from result"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Job_OverItsTimeLimit_FailsWithoutAnotherAttempt(bool heedsItsToken)
    {
        using var open = new ManualResetEventSlim();
        using var type = new ScriptedJob(context =>
        {
            open.Wait(heedsItsToken ? context.CancellationToken : CancellationToken.None);
            return "too late";
        });
        await using var app = await type.StartAsync(new JobOptions { TimeLimit = TimeSpan.FromSeconds(1) });

        var status = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));
        open.Set();

        var error = status.GetProperty("error");
        Assert.Equal(("failed", 1, "time-limit"), (Status(status), status.GetProperty("attempt").GetInt32(), error.GetProperty("type").GetString()));
        Assert.Contains("00:00:01", error.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, type.Runs);
    }

    [Fact]
    public async Task Job_WhoseFetchIgnoresItsToken_FailsByItsTimeLimitAndLeavesTheLaneToOthers()
    {
        var fetching = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var type = new ScriptedJob(_ => "done") { Fetch = _ => fetching.Task };
        await using var app = await type.StartAsync(new JobOptions { TimeLimit = TimeSpan.FromMilliseconds(100) });

        var stuck = await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"));
        Assert.Equal("time-limit", stuck.GetProperty("error").GetProperty("type").GetString());

        fetching.SetResult(true); // Too late: its lane is others' now.
        Assert.Equal("succeeded", Status(await app.FinishedAsync(await app.SubmitAsync("scripted", "{}"))));
        Assert.Equal(1, type.Runs);
    }

    [Theory]
    [InlineData("cancel")]
    [InlineData("retry")]
    public async Task Control_OfAnIdThatIsNoJob_SaysWhy(string action)
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        var gone = JobId.New(new FixedTime(DateTimeOffset.UtcNow.AddDays(-7 - 366)), 1);
        var ahead = JobId.New(new FixedTime(DateTimeOffset.UtcNow.AddHours(1)), 1);

        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, $"/api/jobs/0123456789/{action}")).Code);
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(app, $"/api/jobs/{ahead}/{action}")).Code);
        Assert.Equal(HttpStatusCode.Gone, (await PostAsync(app, $"/api/jobs/{gone}/{action}")).Code);
        Assert.Equal(0, await app.Database.QueryAsync<long>("select count(*) from slowlane.job"));
    }

    [Fact]
    public async Task Control_WhileDatabaseIsDown_SaysTryAgain()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(database: "Host=127.0.0.1;Port=1;Username=nobody;Database=nothing");
        var location = await app.SubmitAsync("spin", """{"id":1}""");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await CancelAsync(app, location)).Code);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await RetryAsync(app, location)).Code);
    }

    [Fact]
    public async Task Retry_OfAJobThatNoWorkerHasClaimed_IsAConflict()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();

        var (code, problem) = await RetryAsync(app, await app.SubmitAsync("spin", """{"id":1}"""));

        Assert.Equal((HttpStatusCode.Conflict, "urn:slowlane:problem:job-not-retryable"), (code, Type(problem)));
        Assert.Contains("queued", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_WhileQueueIsDown_IsAcceptedAndLeftToTheSweep()
    {
        await using var app = await SlowlaneApp.StartFrontAsync(storage: "DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=bm9ib2R5;BlobEndpoint=http://127.0.0.1:1/a;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:1/a");
        var id = JobId.New(TimeProvider.System, 1);
        await PostAsync(app, $"/api/jobs/{id}/cancel"); // Makes the schema and the row.
        await app.Database.ExecuteAsync("update slowlane.job set input = '{}'");

        Assert.Equal(HttpStatusCode.Accepted, (await RetryAsync(app, $"/api/jobs/{id}")).Code);

        Assert.True(await app.Database.QueryAsync<bool>("select due_at <= now() and sends = 0 from slowlane.job where status = 'queued'"));
    }

    private static string? Status(JsonElement document) => document.GetProperty("status").GetString();

    private static string? Type(JsonElement problem) => problem.GetProperty("type").GetString();

    private static Task<(HttpStatusCode Code, JsonElement Body)> CancelAsync(SlowlaneApp app, string location) => PostAsync(app, location + "/cancel");

    private static Task<(HttpStatusCode Code, JsonElement Body)> RetryAsync(SlowlaneApp app, string location) => PostAsync(app, location + "/retry");

    private static async Task<(HttpStatusCode Code, JsonElement Body)> PostAsync(SlowlaneApp app, string path)
    {
        using var response = await app.Client.PostAsync(new Uri(path, UriKind.Relative), null, Cancellation);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static Task UntilAsync(SlowlaneApp app, string question) => Eventually.HoldsAsync(() => app.Database.QueryAsync<bool>(question), question);

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
