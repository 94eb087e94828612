using Xunit;

namespace Slowlane.Tests.LocalHost.Triggers;

[Collection(TinyHostTests.Name)]
public sealed class TimerTests(TinyHost host)
{
    [Fact]
    public async Task Timer_WhoseRunWasMissed_RunsOncePastDueAtTheStart()
    {
        var note = Assert.Single(await host.Notes.UntilAsync("missed"));

        Assert.StartsWith("past due: True, next: 20", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Timer_ThatRunsAtTheStart_IsNotPastDue()
        => Assert.StartsWith("past due: False", Assert.Single(await host.Notes.UntilAsync("at-start")), StringComparison.Ordinal);

    [Fact]
    public async Task Timer_RunsByTheScheduleOfItsSetting()
        => Assert.All(await host.Notes.UntilAsync("each-second", 3), note => Assert.StartsWith("past due: False", note, StringComparison.Ordinal));
}
