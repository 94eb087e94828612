using Slowlane.Maintenance;
using Xunit;

namespace Slowlane.Tests.Maintenance;

[Trait("Category", "Fast")]
public sealed class SweepTurnTests
{
    [Theory]
    [InlineData(0, 300)]
    [InlineData(0.5, 450)]
    [InlineData(1, 600)]
    public void Delay_IsOfFiveToTenMinutes(double random, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), SweepTurn.Delay(random));

    [Theory]
    [InlineData(0, 300)]
    [InlineData(15, 285)] // The timer sweeps in this process.
    [InlineData(299, 1)]
    [InlineData(300, 0)]
    [InlineData(86400, 0)] // The machine slept.
    public void Turn_ComesOnceTheDelayIsOver(int sinceLast, int wait)
        => Assert.Equal(TimeSpan.FromSeconds(wait), SweepTurn.Wait(TimeSpan.FromSeconds(sinceLast), TimeSpan.FromSeconds(300)));
}
