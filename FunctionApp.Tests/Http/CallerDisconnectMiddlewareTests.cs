using Slowlane.Tests.Faults;
using Xunit;

namespace Slowlane.Tests.Http;

public sealed class CallerDisconnectMiddlewareTests
{
    [Fact]
    public async Task Callers_WhoHangUpInALongPoll_AreNoFailuresOfTheFunction()
    {
        await using var cluster = await Cluster.StartAsync();
        var front = await cluster.StartFrontAsync();
        var location = await KilledFrontTests.SubmitAsync(front, 1);
        await cluster.UntilAsync("count(*) = 1 from slowlane.job"); // Recorded, behind the answer.
        var waits = new List<Task>();
        using (var hungUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        await using (await cluster.LockAsync("slowlane.job"))
        {
            waits.Add(front.Client.GetAsync(new Uri($"{location}?wait=60", UriKind.Relative), hungUp.Token));
            waits.Add(front.Client.GetAsync(new Uri($"{location}/result?wait=60", UriKind.Relative), hungUp.Token));
            waits.Add(front.Client.GetAsync(new Uri("/api/jobs", UriKind.Relative), hungUp.Token));
            await cluster.UntilAsync("count(*) >= 3 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike 'select%slowlane.job%'");
            await hungUp.CancelAsync();
            await cluster.UntilAsync("count(*) = 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query ilike 'select%slowlane.job%'"); // A sweep may wait too.
        }

        foreach (var wait in waits)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }

        Assert.Equal(0, await front.SignalAsync("-TERM")); // All that it has to say is said.
        Assert.DoesNotContain("error", front.Output, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("exception", front.Output, StringComparison.OrdinalIgnoreCase);
    }
}
