using Slowlane.Execution;
using Slowlane.Tests.Fixtures;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class AttemptCancellationTests
{
    [Fact]
    public void Limit_OfAStep_FiresBothTokens()
    {
        var time = new TestTime();
        using var stop = new AttemptCancellation(time, CancellationToken.None);

        Pass(time, stop, TimeSpan.FromHours(1));

        Assert.Equal((StopReason.TimeLimit, true, true), (stop.Reason, stop.Token.IsCancellationRequested, stop.WriteToken.IsCancellationRequested));
    }

    [Fact]
    public void Limit_OfAStep_CountsForThatStepAlone()
    {
        var time = new TestTime();
        using var stop = new AttemptCancellation(time, CancellationToken.None);

        Pass(time, stop, TimeSpan.FromMinutes(59));
        time.Advance(TimeSpan.FromHours(2));
        Pass(time, stop, TimeSpan.FromMinutes(59));
        Assert.Equal(StopReason.None, stop.Reason);

        Pass(time, stop, TimeSpan.FromHours(1));
        Assert.Equal(StopReason.TimeLimit, stop.Reason);
    }

    [Fact]
    public void Shutdown_LeavesAWriteItsGrace_UnlessTheJobIsCancelledToo()
    {
        var time = new TestTime();
        using var process = new CancellationTokenSource();
        using var stop = new AttemptCancellation(time, process.Token);

        process.Cancel();
        Assert.Equal((true, false), (stop.Token.IsCancellationRequested, stop.WriteToken.IsCancellationRequested));

        stop.Stop(StopReason.Cancelled);
        Assert.True(stop.WriteToken.IsCancellationRequested);
        Assert.Equal(StopReason.Shutdown, stop.Reason); // The first reason stays.
    }

    [Fact]
    public void Stop_AfterTheEnd_IsOfNoConsequence()
    {
        var stop = new AttemptCancellation(TimeProvider.System, CancellationToken.None);
        stop.Dispose();

        stop.Stop(StopReason.Cancelled);

        Assert.Equal(StopReason.None, stop.Reason);
    }

    /// <summary>A step of so long, whose limit is an hour.</summary>
    private static void Pass(TestTime time, AttemptCancellation stop, TimeSpan span)
    {
        using var limited = stop.Limit(TimeSpan.FromHours(1));
        time.Advance(span);
    }
}
