using System.Globalization;
using System.Net;
using Azure.Storage.Queues;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Maintenance;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Maintenance;

/// <summary>More jobs than one batch wait for the end of a pause.</summary>
public sealed class PausedJobsTests
{
    private const int Jobs = SweepStore.Batch + 100;

    [Fact]
    public async Task Resume_OfMoreJobsThanABatch_WakesAllOfThemWithoutASweep()
    {
        await using var app = await StartAsync();
        await HoldAsync(app);

        using var resumed = await app.PostAsync("/api/jobs/spin/resume", "");

        Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        await Eventually.SeesAsync(() => MessagesAsync(app), messages => messages >= Jobs, pause: TimeSpan.FromSeconds(1));
        Assert.Equal(Jobs, await WokenOnceAsync(app));
    }

    [Fact]
    public async Task Sweep_AfterAResumeThatWokeNobody_WakesMoreThanABatch()
    {
        await using var app = await StartAsync();
        await HoldAsync(app);
        await app.Database.ExecuteAsync("update slowlane.paused set resumed_at = now()"); // And the process that did so is gone.

        await app.SweepAsync();

        Assert.InRange(await MessagesAsync(app), Jobs, int.MaxValue); // More, if storage answered a send too late and it was sent again.
        Assert.Equal(Jobs, await WokenOnceAsync(app));
    }

    /// <summary>A front whose time limits for waking never end, so that a slow machine wakes as many as a fast one.</summary>
    private static Task<SlowlaneApp> StartAsync() => SlowlaneApp.StartFrontAsync(services: static services => services.AddSingleton(static provider
        => new PausedJobs(provider.GetRequiredService<SweepStore>(), provider.GetRequiredService<WakeUps>(), new TestTime())));

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
