using Azure.Storage.Queues;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Storage;

public sealed class JobQueueTests
{
    [Fact]
    public async Task NextMessage_ThatIsNotBase64_HasATimeLikeAnyOther()
    {
        var storage = await TestServices.StorageAsync();
        var queue = new JobQueue(new SlowlaneOptions { Storage = storage, Database = "" });
        Assert.Null(await queue.NextSentAsync(Cancellation)); // There is no queue yet.

        var raw = new QueueClient(storage, JobQueue.Name);
        await raw.CreateAsync(cancellationToken: Cancellation);
        var sent = (await raw.SendMessageAsync("not base64!", Cancellation)).Value.InsertionTime;

        Assert.Equal(sent, await queue.NextSentAsync(Cancellation));
    }

    [Fact]
    public async Task Message_IsSentAsBase64()
    {
        var storage = await TestServices.StorageAsync();

        await new JobQueue(new SlowlaneOptions { Storage = storage, Database = "" }).SendAsync(new BinaryData("text"), TimeSpan.Zero, Cancellation);

        Assert.Equal("dGV4dA==", (await new QueueClient(storage, JobQueue.Name).ReceiveMessageAsync(cancellationToken: Cancellation)).Value.MessageText);
    }
}
