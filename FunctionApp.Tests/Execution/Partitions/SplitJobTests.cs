using System.Globalization;
using System.Text.Json;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution.Partitions;

/// <summary>A job in parts as a caller sees it: queue, plan and parts as they run, one part at a time.</summary>
public sealed class SplitJobTests
{
    [Fact]
    public async Task Job_InParts_HasTheResultOfTheWholeIsWrittenOnceAndLeavesNothing()
    {
        using var job = new SumJob();
        await using var app = await StartAsync(job);

        var (whole, split) = (await app.SubmitAsync("sum", "{}"), await app.SubmitAsync("sum", """{"partitions":5}"""));

        Assert.Equal((await SucceededAsync(app, whole)).ToString(), (await SucceededAsync(app, split)).ToString());
        Assert.Equal((1, 5), (job.Whole, job.Parts.Count));
        Assert.Equal("2 500500 500500", await app.Database.QueryAsync<string>("select count(*) || ' ' || min(sum) || ' ' || max(sum) from total"));
        Assert.Equal((0L, 0), (await app.Database.QueryAsync<long>("select count(*) from slowlane.part"), app.Parts.Kept));
    }

    [Fact]
    public async Task Progress_OfAJobInParts_CountsThePartsThatAreDone()
    {
        using var job = new SumJob();
        using var go = new SemaphoreSlim(1);
        job.During = (_, context) => go.Wait(context.CancellationToken);
        await using var app = await StartAsync(job);
        var location = await app.SubmitAsync("sum", """{"partitions":2}""");

        await Eventually.HoldsAsync(async () => await app.Database.QueryAsync<bool>("select exists (select from slowlane.job where progress = 0.5)"));

        go.Release();
        await SucceededAsync(app, location);
    }

    [Fact]
    public async Task Cancel_OfAJobInParts_EndsItsActivities()
    {
        using var job = new SumJob { During = SumJob.UntilStopped };
        await using var app = await StartAsync(job);
        var location = await app.SubmitAsync("sum", """{"partitions":3}""");
        await job.Started.WaitAsync(Cancellation);

        using (await app.PostAsync(location + "/cancel", ""))
        {
            Assert.Equal("cancelled", (await app.FinishedAsync(location)).GetProperty("status").GetString());
        }

        await EndedAsync(app);
        Assert.Single(job.Parts); // One at a time, and none after the cancel.
    }

    [Fact]
    public async Task Part_ThatCannotSucceed_FailsTheJobAtOnceAsIfItHadRunWhole()
    {
        using var job = new SumJob { During = (_, _) => throw new JobException("no-way", "No way.", "There is no way.") };
        await using var app = await StartAsync(job);

        var (whole, split) = (await FailedAsync(app, "{}"), await FailedAsync(app, """{"partitions":3}"""));

        Assert.Equal(whole, split);
        Assert.Contains("no-way", split, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Part_WhoseCodeFails_FailsTheAttemptsAsIfItHadRunWhole()
    {
        using var job = new SumJob { During = (_, _) => throw new InvalidOperationException("secret") };
        await using var app = await StartAsync(job, new JobOptions { MaxAttempts = 2, Backoff = TimeSpan.FromMilliseconds(1) });

        var (whole, split) = (await FailedAsync(app, "{}"), await FailedAsync(app, """{"partitions":3}"""));

        Assert.Equal(whole, split);
        Assert.Contains("failed 2 times, the last time with InvalidOperationException", split, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Job_InParts_ThatTakesTooLong_FailsByItsTimeLimitAndSoDoItsParts()
    {
        using var job = new SumJob { During = SumJob.UntilStopped };
        await using var app = await StartAsync(job, new JobOptions { TimeLimit = TimeSpan.FromSeconds(1) });

        Assert.Contains("time-limit", await FailedAsync(app, """{"partitions":3}"""), StringComparison.Ordinal);

        await EndedAsync(app);
    }

    [Fact]
    public async Task Part_ThatIsCutOffFromTheDatabase_IsTriedAgainAndTheAttemptGoesOn()
    {
        var parts = 0;
        using var job = new SumJob { During = (_, _) => _ = Interlocked.Increment(ref parts) == 1 ? throw new NpgsqlException("gone", new IOException()) : parts };
        await using var app = await StartAsync(job);
        var location = await app.SubmitAsync("sum", """{"partitions":2}""");

        var status = await app.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        Assert.Equal(3, job.Parts.Count);
        Assert.Equal(0, await app.Database.QueryAsync<int>("select outages from slowlane.job"));
    }

    [Fact]
    public async Task Job_InParts_WhoseConnectionsAreAllCut_IsTriedAgainUncharged()
    {
        using var job = new SumJob { During = SumJob.UntilStopped };
        await using var app = await StartAsync(job);
        var location = await app.SubmitAsync("sum", """{"partitions":2}""");
        await job.Started.WaitAsync(Cancellation);

        job.During = (_, _) => { };
        await app.Database.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()");

        var status = await app.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        Assert.Equal("1 1", await app.Database.QueryAsync<string>("select outages || ' ' || (select count(*) from total) from slowlane.job"));
    }

    [Fact]
    public async Task Worker_ThatStopsWhileItHoldsAJobInParts_HandsItBackUncharged()
    {
        using var job = new SumJob { During = SumJob.UntilStopped };
        await using var app = await StartAsync(job);
        var parts = app.Parts;
        await app.SubmitAsync("sum", """{"partitions":3}""");
        await job.Started.WaitAsync(Cancellation);

        await app.StopAsync();

        Assert.Equal("queued 0", await app.Database.QueryAsync<string>("select status || ' ' || attempt from slowlane.job"));
        Assert.Equal(0, parts.Running);
    }

    private static async Task<SlowlaneApp> StartAsync(SumJob job, JobOptions? options = null)
    {
        var app = await SlowlaneApp.StartAsync(services => job.Register(services, options));
        await app.SweepAsync(); // Makes the schema, and so the role.
        await app.Database.ExecuteAsync(SumJob.Table);
        return app;
    }

    private static async Task<JsonElement> SucceededAsync(SlowlaneApp app, string location)
    {
        var status = await app.FinishedAsync(location);
        Assert.Equal(("succeeded", 1), (status.GetProperty("status").GetString(), status.GetProperty("attempt").GetInt32()));
        using var response = await app.GetAsync(location + "/result");
        return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task<string> FailedAsync(SlowlaneApp app, string input)
    {
        var status = await app.FinishedAsync(await app.SubmitAsync("sum", input));
        return string.Create(CultureInfo.InvariantCulture, $"{status.GetProperty("status")} {status.GetProperty("attempt")} {status.GetProperty("error")}");
    }

    /// <summary>Waits until nothing of a run goes on: no statement of a part, no run.</summary>
    private static Task EndedAsync(SlowlaneApp app) => Eventually.HoldsAsync(async () => app.Parts.Running == 0
        && await app.Database.QueryAsync<bool>("select not exists (select from pg_stat_activity where datname = current_database() and state like 'idle in transaction%')"));
}
