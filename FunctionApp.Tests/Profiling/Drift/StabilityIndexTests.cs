using Slowlane.Profiling.Drift;
using Xunit;

namespace Slowlane.Tests.Profiling.Drift;

[Trait("Category", "Fast")]
public sealed class StabilityIndexTests
{
    // By hand: the sum of (a − b) · ln (a / b). Of 50:50 and 25:75 it is 0.25 · ln 2 + 0.25 · ln 1.5 = 0.173287 + 0.101366.
    [Theory]
    [InlineData("50 50", "25 75", 0.2746530721670274)]
    [InlineData("25 75", "50 50", 0.2746530721670274)] // The same both ways.
    [InlineData("10 20 40 30", "20 20 30 30", 0.09808292530117264)] // 0.1 · ln 2 + 0.1 · ln (4 / 3)
    [InlineData("10 20 40 30", "1000 2000 4000 3000", 0)] // Shares count, and not numbers.
    [InlineData("100 0", "90 10", 0.7006208039360982)] // The empty bin is 0.0001: 0.1 · ln (1 / 0.9) + 0.0999 · ln (0.1 / 0.0001)
    [InlineData("3 0 0", "5 0 0", 0)]
    public void Index_IsTheSumOverTheBins(string before, string after, double expected)
    {
        var (value, error) = StabilityIndex.Of(Numbers(before), Numbers(after), new (double, double)[Numbers(before).Length])!.Value;

        Assert.Equal(expected, value, 12);
        Assert.Equal(0, error);
    }

    [Theory]
    [InlineData("0 0", "1 1")]
    [InlineData("1 1", "0 0")]
    public void Index_OfNothing_IsNone(string before, string after) => Assert.Null(StabilityIndex.Of(Numbers(before), Numbers(after), new (double, double)[2]));

    [Fact]
    public void Index_OfEstimates_IsWithinItsErrorOfTheTrueOne()
    {
        var dice = new SeededRandom(3);
        for (var i = 0; i < 200; i++)
        {
            long[] before = [.. Enumerable.Range(0, 6).Select(_ => (long)dice.Next(1000))];
            long[] after = [.. Enumerable.Range(0, 6).Select(_ => (long)dice.Next(1000))];
            var truth = StabilityIndex.Of(before, after, new (double, double)[6])!.Value.Value;
            long[] seen = [.. after];
            (seen[0], seen[3]) = (seen[0] + (seen[3] / 2), seen[3] - (seen[3] / 2)); // A part of a bin is counted in another one.
            var off = ((after[3] / 2) + 1.0) / after.Sum();

            var (value, error) = StabilityIndex.Of(before, seen, [(0, off), (0, 0), (0, 0), (0, off), (0, 0), (0, 0)])!.Value;

            Assert.InRange(truth, value - error, value + error);
        }
    }

    private static long[] Numbers(string text) => [.. text.Split(' ').Select(number => long.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
}
