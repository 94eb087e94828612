using Azure.Storage.Queues;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Collection(TinyHostTests.Name)]
public sealed class QueueTests(TinyHost host)
{
    [Theory]
    [InlineData("text", "a message", "a message|1|True|True")]
    [InlineData("poco", """{"name":"n","count":3}""", "n|3")]
    [InlineData("message", "a message", "a message|1|True|True")]
    [InlineData("bytes", "a message", "a message")]
    [InlineData("binary", "a message", "a message")]
    public async Task Message_ReachesAParameterOfEachKindOnceAndIsGone(string queue, string message, string seen)
    {
        await host.SendAsync(queue, message);

        Assert.Equal([seen], await host.Notes.UntilAsync(queue), StringComparer.Ordinal);
        await host.UntilEmptyAsync(queue);
        Assert.Single(host.Notes.Of(queue));
    }

    [Fact]
    public async Task Message_WhoseFunctionFails_ComesBackUntilItSucceeds()
    {
        await host.SendAsync("flaky", "2");

        Assert.Equal(["1", "2", "3"], await host.Notes.UntilAsync("flaky-2", 3), StringComparer.Ordinal);
        await host.UntilEmptyAsync("flaky");
        Assert.Equal(3, host.Notes.Of("flaky-2").Count);
    }

    [Fact]
    public async Task Message_ThatFailsAgainAndAgain_HasItsStackOnceOnTheConsoleAndALineADelivery()
    {
        await host.SendAsync("flaky", "02");

        await host.SaysAsync("Failed at 2 of 02.");
        await host.UntilEmptyAsync("flaky");
        var lines = host.Output.Split(Environment.NewLine);
        Assert.All(
            Enumerable.Range(1, 2),
            delivery => Assert.Single(lines, line => line.Contains("error Flaky: Executed 'Flaky' (Failed, ", StringComparison.Ordinal) && line.EndsWith($" Failed at {delivery} of 02.", StringComparison.Ordinal)));
        Assert.Single(lines, line => line.Contains("at TinyApp.QueueFunctions.Flaky(", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Message_WhoseFunctionFailsAsOftenAsHostJsonAllows_IsPutAside()
    {
        await host.SendAsync("flaky", "9");

        var aside = new QueueClient(host.Storage, "flaky-poison");
        await Eventually.HoldsAsync(async () => (await aside.ExistsAsync(Cancellation)).Value && (await aside.GetPropertiesAsync(Cancellation)).Value.ApproximateMessagesCount == 1);
        Assert.Equal("9", (await aside.PeekMessageAsync(Cancellation)).Value.MessageText);
        Assert.Equal(["1", "2", "3"], host.Notes.Of("flaky-9"), StringComparer.Ordinal);
    }
}
