using Slowlane.Http;
using Xunit;

namespace Slowlane.Tests.Http;

[Trait("Category", "Fast")]
public sealed class JobPresenceTests
{
    [Theory]
    [InlineData(0, JobPresence.Waiting)]
    [InlineData(6.9 * 24 * 60, JobPresence.Waiting)]
    [InlineData(7.1 * 24 * 60, JobPresence.Waiting)]
    [InlineData(7.1 * 24 * 60, JobPresence.Gone, true)]
    [InlineData(371.9 * 24 * 60, JobPresence.Waiting)]
    [InlineData(372.1 * 24 * 60, JobPresence.Gone)]
    [InlineData(-14, JobPresence.Waiting)]
    [InlineData(-16, JobPresence.Unknown)]
    internal void Id_WithoutARow_MeansWhatItsAgeAndItsTombstoneSay(double ageMinutes, JobPresence presence, bool purged = false)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(60);

        Assert.Equal(presence, JobLookup.PresenceWithoutRow(now.AddMinutes(-ageMinutes), now, TimeSpan.FromDays(7), purged));
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(0.2, 0, 1)]
    [InlineData(1.2, 0, 2)]
    [InlineData(600, 0, 60)]
    [InlineData(10, 3.5, 7)]
    [InlineData(10, 10, 1)]
    [InlineData(10, 999, 1)]
    [InlineData(100, 30, 60)]
    [InlineData(100, 90, 10)]
    [InlineData(10, -5, 10)]
    public void RetryAfter_IsWhatIsLeftOfTheUsualTimeInWholeSecondsFromOneToSixty(double usual, double running, int seconds)
        => Assert.Equal(seconds, RetryAfter.Seconds(TimeSpan.FromSeconds(usual), TimeSpan.FromSeconds(running)));
}
