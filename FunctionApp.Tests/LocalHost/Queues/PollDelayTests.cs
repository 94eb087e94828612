using Slowlane.LocalHost.Queues;
using Xunit;

namespace Slowlane.Tests.LocalHost.Queues;

public sealed class PollDelayTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(0.5, new[] { 100, 200, 300, 500, 900, 1700 })]
    [InlineData(0.0, new[] { 100, 180, 260, 420, 740, 1380 })]
    [InlineData(1.0, new[] { 100, 220, 340, 580, 1060, 2020 })]
    public void Next_OfAQueueThatStaysEmpty_AboutDoublesEachTime(double random, int[] milliseconds)
    {
        ArgumentNullException.ThrowIfNull(milliseconds);
        var delay = default(PollDelay);
        foreach (var expected in milliseconds)
        {
            delay = delay.Next(foundSince: false, Minute, random);
            Assert.Equal(expected, delay.Wait.TotalMilliseconds, precision: 6);
        }
    }

    [Fact]
    public void Next_AfterAMessage_StartsAnew()
    {
        var grown = new PollDelay(TimeSpan.FromSeconds(20), 8);

        Assert.Equal(new PollDelay(TimeSpan.FromMilliseconds(100), 1), grown.Next(foundSince: true, Minute, 0.5));
    }

    [Fact]
    public void Next_NeverWaitsLongerThanTheLongest()
    {
        var longest = TimeSpan.FromMilliseconds(250);
        var delay = new PollDelay(TimeSpan.FromMilliseconds(200), 2).Next(foundSince: false, longest, 1.0);

        Assert.Equal(longest, delay.Wait);
        Assert.Equal(delay, delay.Next(foundSince: false, longest, 0.0));
    }
}
