using System.Globalization;
using System.Net;
using Azure.Storage.Queues;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

/// <summary>More jobs than one batch wait for the end of a pause.</summary>
public sealed class PausedJobsTests
{
    private const int Jobs = (2 * SweepStore.Batch) + 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Resume_OfMoreJobsThanABatch_WakesAllOfThemWithoutASweep()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        await HoldAsync(app);

        using var resumed = await app.PostAsync("/api/jobs/spin/resume", "");

        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        await Eventually.HoldsAsync(async () => await MessagesAsync(app) == Jobs);
        Assert.Equal(Jobs, await WokenOnceAsync(app));
    }

    [Fact]
    public async Task Sweep_AfterAResumeThatWokeNobody_WakesMoreThanABatch()
    {
        await using var app = await SlowlaneApp.StartFrontAsync();
        await HoldAsync(app);
        await app.Database.ExecuteAsync("update slowlane.paused set resumed_at = now()"); // And the process that did so is gone.

        await app.SweepAsync();

        var messages = await MessagesAsync(app);
        Assert.InRange(messages, SweepStore.Batch + 1, Jobs); // All of them, unless a slow machine sends fewer within the sweep's 10 s.
        Assert.Equal(messages, await WokenOnceAsync(app));
    }

    /// <summary>Pauses a type and leaves jobs of it behind as the claims of their messages do.</summary>
    private static async Task HoldAsync(SlowlaneApp app)
    {
        using var paused = await app.PostAsync("/api/jobs/spin/pause", "");
        Assert.Equal(HttpStatusCode.OK, paused.StatusCode);
        await app.Database.ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $$"""
            insert into slowlane.job (id, type, status, attempt, max_attempts, fence, due_at, input, created_at)
            select uuidv7(), 'spin', 'queued', 0, 5, 0, now(), '{"id":1}', now() from generate_series(1, {{Jobs}})
            """));
    }

    private static async Task<int> MessagesAsync(SlowlaneApp app)
    {
        var queue = new QueueClient(app.Storage, "jobs");
        return await queue.ExistsAsync(Cancellation) ? (await queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount : 0;
    }

    private static async Task<int> WokenOnceAsync(SlowlaneApp app)
        => (int)await app.Database.QueryAsync<long>("select count(*) from slowlane.job where sends = 1");
}
