using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sketches;
using Xunit;

namespace Slowlane.Tests.Profiling.Drift;

[Trait("Category", "Fast")]
public sealed class KolmogorovSmirnovTests
{
    // Ten values before, four in [0, 10), six in [10, 20].
    private static readonly IReadOnlyList<Knot> Halves = Knot.Ordered([new(0, 0, 0, 0, 0.4), new(10, 0.4, 0.4, 0.4, 1), new(20, 0.4, 1, 1, 1)]);

    [Theory]
    [InlineData(new double[] { 1, 2, 3, 4, 11, 12, 13, 14, 15, 16 }, 0, 0.6)] // Equal at every edge; inside the second bin six tenths may be elsewhere.
    [InlineData(new double[] { 1, 2, 11, 12 }, 0.1, 0.6)] // Half are below 10, and not 0.4. All of 0.6 may be at 20.
    [InlineData(new double[] { -5, -4, 1, 11 }, 0.5, 0.75)] // Half are below all of before; at 10 it is 0.75 to 0.4.
    [InlineData(new double[] { 30 }, 1, 1)]
    [InlineData(new double[] { 10, 10, 20 }, 0.4, 0.6)] // scipy.stats.ks_2samp of them and any such ten values: from 0.4 (at 10) on.
    public void Distance_LiesBetweenWhatTheEdgesShowAndWhatBinsMayHide(double[] after, double value, double most)
    {
        var distance = KolmogorovSmirnov.Of(Halves, new Ranks(new SortedValues(after)), 0, discrete: false)!;

        Assert.Equal(value, distance.Value, 12);
        Assert.InRange(distance.Value + distance.Error, value, Math.Max(value, most) + 1e-12);
    }

    [Fact]
    public void Distance_OfWholeNumbersWithABinEach_IsExact()
    {
        // 1 four times, 2 six times; then 1 once, 2 three times: |0.4 − 0.25|.
        var knots = Knot.Ordered([new(1, 0, 0, 0, 0.4), new(2, 0.4, 0.4, 0.4, 1), new(3, 1, 1, 1, 1)]);

        Assert.Equal(new DistanceFigure(0.15, 0.03, 0.03), KolmogorovSmirnov.Of(knots, new Ranks(new SortedValues([1, 2], [1, 3], 0, 0)), 0.03, discrete: true)! is var figure ? figure with { Value = Math.Round(figure.Value, 12), Error = Math.Round(figure.Error, 12) } : null);
    }

    [Fact]
    public void Distance_OfOneValue_IsExact()
    {
        var knots = Knot.Ordered([new(5, 0, 0, 0, 1), new(5, 0, 1, 1, 1)]);

        Assert.Equal(new DistanceFigure(0.25, 0, 0), KolmogorovSmirnov.Of(knots, new Ranks(new SortedValues([4, 5, 5, 5])), 0, discrete: false));
    }

    [Fact]
    public void Distance_OfNothing_IsNone()
    {
        Assert.Null(KolmogorovSmirnov.Of([], new Ranks(new SortedValues([1])), 0, discrete: false));
        Assert.Null(KolmogorovSmirnov.Of(Halves, new Ranks(new SortedValues([])), 0, discrete: false));
    }

    [Fact]
    public void Knots_AreAsNarrowAsTheirNeighboursAllow()
    {
        var knots = Knot.Ordered([new(0, 0, 0, 0, 0.4), new(4, 0, 0.25, 0.3, 1), new(10, 0.4, 0.4, 0.4, 1), new(12, 0, 0.5, 0.5, 1), new(20, 0.4, 1, 1, 1)]);

        Assert.Equal([new(0, 0, 0, 0, 0.25), new(4, 0, 0.25, 0.3, 0.4), new(10, 0.4, 0.4, 0.4, 0.5), new(12, 0.4, 0.5, 0.5, 1), new Knot(20, 0.5, 1, 1, 1)], knots);
    }
}
