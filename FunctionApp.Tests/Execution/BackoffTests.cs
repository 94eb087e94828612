using Slowlane.Resilience;
using Xunit;

namespace Slowlane.Tests.Execution;

[Trait("Category", "Fast")]
public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 0, 1000)]
    [InlineData(2, 0, 2000)]
    [InlineData(3, 0, 4000)]
    [InlineData(3, 0.5, 3000)]
    [InlineData(3, 0.999999, 2000)]
    [InlineData(10, 0, 60_000)]
    [InlineData(1000, 0, 60_000)]
    [InlineData(int.MaxValue, 0.5, 45_000)]
    public void Backoff_DoublesUpToTheLongest_LessHalfAtRandom(int attempt, double random, double milliseconds)
        => Assert.Equal(milliseconds, Backoff.After(attempt, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1), random).TotalMilliseconds, 1.0);
}
