using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Collection(TinyHostTests.Name)]
public sealed class OrchestrationTests(TinyHost host)
{
    [Fact]
    public async Task Orchestration_StartedByARequest_HasTypedInputAndResult()
        => Assert.Equal((200, """Completed {"Sum":5}"""), await host.AskAsync("POST", "/api/v2/orchestrate/AddUp/3?a&b"));

    [Fact]
    public async Task Orchestration_StartedByAMessage_HasTypedInputAndResult()
    {
        await host.SendAsync("start", """{"a":40,"b":2}""");

        await Eventually.HoldsAsync(() => host.Notes.Of("total").Contains("Total { Sum = 42 }", StringComparer.Ordinal));
    }

    [Fact]
    public async Task Activity_ThatFails_IsRetriedAsItsCallerSaidAndExplained()
    {
        var (status, body) = await host.AskAsync("POST", "/api/v2/orchestrate/Explain/77");

        Assert.Equal(200, status);
        Assert.StartsWith("Completed \"System.ArgumentOutOfRangeException: The pair is broken. (Parameter", body, StringComparison.Ordinal);
        Assert.Equal(2, host.Notes.Of("break").Count(note => note.Contains("A = 77", StringComparison.Ordinal)));
    }
}
