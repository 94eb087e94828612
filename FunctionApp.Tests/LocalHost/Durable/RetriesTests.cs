using Microsoft.DurableTask;
using Slowlane.LocalHost.Durable.Replay;
using Xunit;
using static Slowlane.LocalHost.Durable.Replay.HistoryEvent;
using static Slowlane.Tests.LocalHost.Durable.Replays;

namespace Slowlane.Tests.LocalHost.Durable;

public sealed class RetriesTests
{
    private static readonly TaskFailureDetails Boom = new("System.InvalidOperationException", "boom", null, null, null);

    [Theory]
    [InlineData(1, 0, 2.0)]
    [InlineData(2, 0, 4.0)]
    [InlineData(3, 0, 5.0)] // The longest wait.
    [InlineData(4, 0, null)] // The last attempt.
    [InlineData(1, 59, 2.0)]
    [InlineData(1, 60, null)] // The time is over.
    public void Next_GrowsUpToTheLongest_AndEndsWithAttemptsOrTime(int attempts, int elapsed, double? wait)
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(2), 2, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1));

        Assert.Equal(wait, Retries.Next(policy, attempts, TimeSpan.FromSeconds(elapsed), Boom)?.TotalSeconds);
    }

    [Fact]
    public void Next_IsNone_WhenThePolicyDoesNotHandleTheFailure()
    {
        var policy = new RetryPolicy(4, TimeSpan.FromSeconds(2)) { HandleFailure = static failure => failure.IsCausedBy<TimeoutException>() };

        Assert.Null(Retries.Next(policy, 1, TimeSpan.Zero, Boom));
        Assert.NotNull(Retries.Next(policy, 1, TimeSpan.Zero, Boom with { ErrorType = "System.TimeoutException" }));
    }

    [Theory]
    [InlineData(0, 1, 1.0)]
    [InlineData(1, 0, 1.0)]
    [InlineData(1, 1, 0.5)]
    [InlineData(1, 1, 1.0, 0)]
    public void Policy_OutOfBounds_IsRefused(int attempts, int first, double coefficient, int? longest = null)
        => Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(
            attempts, TimeSpan.FromSeconds(first), coefficient, longest is { } seconds ? TimeSpan.FromSeconds(seconds) : null));

    [Fact]
    public void FailedActivity_IsBegunAgainAfterADurableTimer()
    {
        HistoryEvent[] failed = [.. First(TaskScheduled(0, "Try", null)), .. Step(1, TaskFailed(0, Boom), TimerCreated(1, Start.AddSeconds(3)))];
        HistoryEvent[] again = [.. failed, .. Step(3, TimerFired(1), TaskScheduled(2, "Try", null))];

        Assert.Equal("timer #1 +3s", Describe(Decide(Code, First(TaskScheduled(0, "Try", null)), Step(1, TaskFailed(0, Boom)))));
        Assert.Equal("Try #2 ", Describe(Decide(Code, failed, Step(3, TimerFired(1)))));
        Assert.Equal("ExecutionCompleted 9", Describe(Decide(Code, again, Step(4, TaskCompleted(2, "9")))));
        Assert.Equal("ExecutionFailed Task 'Try' (#2) failed with an unhandled exception: boom", Describe(Decide(Code, again, Step(4, TaskFailed(2, Boom)))));

        static async Task<object?> Code(TaskOrchestrationContext context)
            => await context.CallActivityAsync<int>("Try", TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromSeconds(2))));
    }
}
