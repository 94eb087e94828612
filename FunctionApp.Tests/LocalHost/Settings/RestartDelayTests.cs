using Slowlane.LocalHost.Settings;
using Xunit;

namespace Slowlane.Tests.LocalHost.Settings;

[Trait("Category", "Fast")]
public sealed class RestartDelayTests
{
    [Theory]
    [InlineData(0, 0.2)]
    [InlineData(1, 0.2)]
    [InlineData(2, 0.4)]
    [InlineData(3, 0.8)]
    [InlineData(6, 6.4)]
    [InlineData(7, 10)]
    [InlineData(int.MaxValue, 10)]
    public void Delay_DoublesWithEachQuickDeath_UpToTenSeconds(int quickDeaths, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), RestartDelay.After(quickDeaths, isRecycled: false));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(2, 0.4)]
    [InlineData(7, 10)]
    public void Delay_OfAWorkerThatRecyclesItself_IsNoneUnlessItKeepsDoingSo(int quickDeaths, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), RestartDelay.After(quickDeaths, isRecycled: true));
}
