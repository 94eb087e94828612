using Xunit;

namespace Slowlane.Tests.Faults;

public sealed class DuplicateMessageTests
{
    private const int Jobs = 30;

    [Fact]
    public async Task Messages_EachDeliveredTwiceToManyWorkers_RunEachJobOnce()
    {
        await using var cluster = await Cluster.StartAsync();
        for (var job = 1; job <= Jobs; job++)
        {
            await cluster.SubmitAsync(job, spinMs: 20);
        }

        // The two of a pair come to two workers at the same time.
        var messages = (await cluster.Queue.PeekMessagesAsync(32, Cancellation)).Value;
        await cluster.Queue.ClearMessagesAsync(Cancellation);
        foreach (var message in messages.SelectMany(message => Enumerable.Repeat(message, 2)))
        {
            await cluster.Queue.SendMessageAsync(message.Body, cancellationToken: Cancellation);
        }

        Assert.Equal(2 * Jobs, (await cluster.Queue.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount);
        await Task.WhenAll(cluster.JoinAsync(), cluster.JoinAsync(), cluster.JoinAsync());
        await cluster.UntilQueueIsEmptyAsync();

        await cluster.WrittenOnceAsync(Jobs);
        Assert.Equal("30 1 1", await cluster.AskAsync<string>("select count(*) || ' ' || max(attempt) || ' ' || max(fence) from slowlane.job where status = 'succeeded'"));
    }
}
