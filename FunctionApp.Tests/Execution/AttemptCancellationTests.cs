using Slowlane.Execution;
using Xunit;

namespace Slowlane.Tests.Execution;

public sealed class AttemptCancellationTests
{
    [Fact]
    public void Limit_FiresBothTokens()
    {
        var time = new ManualTime();
        using var stop = new AttemptCancellation(time, TimeSpan.FromHours(1), CancellationToken.None);

        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal((StopReason.TimeLimit, true, true), (stop.Reason, stop.Token.IsCancellationRequested, stop.WriteToken.IsCancellationRequested));
    }

    [Fact]
    public void Shutdown_LeavesAWriteItsGrace_UnlessTheJobIsCancelledToo()
    {
        var time = new ManualTime();
        using var process = new CancellationTokenSource();
        using var stop = new AttemptCancellation(time, TimeSpan.FromHours(1), process.Token);

        process.Cancel();
        Assert.Equal((true, false), (stop.Token.IsCancellationRequested, stop.WriteToken.IsCancellationRequested));

        stop.Stop(StopReason.Cancelled);
        Assert.True(stop.WriteToken.IsCancellationRequested);
        Assert.Equal(StopReason.Shutdown, stop.Reason); // The first reason stays.
    }

    [Fact]
    public void Stop_AfterTheEnd_IsOfNoConsequence()
    {
        var stop = new AttemptCancellation(TimeProvider.System, TimeSpan.FromHours(1), CancellationToken.None);
        stop.Dispose();

        stop.Stop(StopReason.Cancelled);

        Assert.Equal(StopReason.None, stop.Reason);
    }
}
