using Slowlane.LocalHost.Queues;
using Xunit;

namespace Slowlane.Tests.LocalHost.Queues;

public sealed class SettleTests
{
    [Theory]
    [InlineData(1, true, Settlement.Run)]
    [InlineData(5, true, Settlement.Run)]
    [InlineData(6, true, Settlement.Poison)]
    [InlineData(5, false, Settlement.Run)]
    [InlineData(6, false, Settlement.Leave)]
    internal void Received_DecidesByDequeueCount(long dequeueCount, bool hasPoisonQueue, Settlement expected)
        => Assert.Equal(expected, Settle.Received(dequeueCount, 5, hasPoisonQueue));

    [Theory]
    [InlineData(true, 1, true, Settlement.Delete)]
    [InlineData(true, 9, false, Settlement.Delete)]
    [InlineData(false, 1, true, Settlement.Release)]
    [InlineData(false, 4, true, Settlement.Release)]
    [InlineData(false, 5, true, Settlement.Poison)]
    [InlineData(false, 1, false, Settlement.Leave)]
    [InlineData(false, 5, false, Settlement.Leave)]
    internal void Finished_DecidesByOutcomeThenDequeueCount(bool succeeded, long dequeueCount, bool hasPoisonQueue, Settlement expected)
        => Assert.Equal(expected, Settle.Finished(succeeded, dequeueCount, 5, hasPoisonQueue));
}
