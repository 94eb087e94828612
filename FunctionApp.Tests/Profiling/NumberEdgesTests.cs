using System.Globalization;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Sketches;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class NumberEdgesTests
{
    [Theory]
    [InlineData(8, 24.8, 3, false, 10.0, "0 10 20 30")]
    [InlineData(8, 24.8, 1, false, null, "8 24.8")]
    [InlineData(-1, 2, 2, false, 2.0, "-2 0 2")]
    [InlineData(8, 24.8, 4, false, 5.0, "5 10 15 20 25")]
    [InlineData(1, 5, 20, true, 1.0, "1 2 3 4 5 6")] // Each whole number has its own bin.
    [InlineData(0, 100, 20, true, 5.0, "0 5 10 15 20 25 30 35 40 45 50 55 60 65 70 75 80 85 90 95 100")]
    [InlineData(0, 21, 9, true, 5.0, "0 5 10 15 20 25")] // 2.5 is no width of whole numbers.
    [InlineData(0, 1, 4, false, 0.25, "0 0.25 0.5 0.75 1")]
    [InlineData(2.3, 4.7, 24, false, 0.1, "2.3 2.4 2.5 2.6 2.7 2.8 2.9 3 3.1 3.2 3.3 3.4 3.5 3.6 3.7 3.8 3.9 4 4.1 4.2 4.3 4.4 4.5 4.6 4.7")]
    [InlineData(-0.7, 0.3, 6, false, 0.2, "-0.8 -0.6 -0.4 -0.2 0 0.2 0.4")]
    [InlineData(5, 5, 20, false, null, "5 5")]
    [InlineData(1e-10, 3e-10, 2, false, 1e-10, "1E-10 2E-10 3E-10")]
    [InlineData(-1e308, 1.5e308, 2, false, null, "-1E+308 2.5E+307 1.5E+308")] // The range lies beyond double.
    [InlineData(1e300, 1.7e308, 1, false, null, "1E+300 1.7E+308")] // The next round edge does.
    [InlineData(1e-310, 1.0000000000005e-310, 2, false, null, "1E-310 1.00000000000024E-310 1.0000000000005E-310")] // Doubles have few digits there.
    [InlineData(9007199254740992, 9007199254740996, 20, true, null, "9007199254740992 9007199254740994 9007199254740996")] // Doubles are two apart there.
    public void Edges_AreMultiplesOfARoundWidthWhereThereIsOne(double min, double max, int bins, bool whole, double? width, string edges)
    {
        var chosen = NumberEdges.Of(min, max, bins, whole);

        Assert.Equal(edges, string.Join(' ', chosen.Edges.Select(edge => edge.ToString("R", CultureInfo.InvariantCulture))));
        Assert.Equal(width, chosen.Width);
    }

    [Fact]
    public void Counts_OfDecimals_AreThoseBetweenThePrintedEdges()
    {
        var dice = new SeededRandom(17);
        for (var run = 0; run < 300; run++)
        {
            var scale = (decimal)Math.Pow(10, dice.Next() % 6);
            var values = Enumerable.Range(0, 200).Select(_ => ((long)(dice.Fraction() * 3000) - 1000) / scale).Order().ToArray();
            var doubles = Array.ConvertAll(values, value => (double)value);

            var edges = NumberEdges.Of(doubles[0], doubles[^1], 1 + (int)(dice.Next() % 40), Array.TrueForAll(doubles, double.IsInteger)).Edges;

            var printed = Array.ConvertAll(edges, edge => decimal.Parse(edge.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture));
            Assert.True(printed[0] <= values[0] && printed[^1] >= values[^1]);
            var expected = Enumerable.Range(0, printed.Length - 1)
                .Select(bin => values.LongCount(value => value >= printed[bin] && (value < printed[bin + 1] || (bin == printed.Length - 2 && value == printed[^1]))));
            var counts = new SortedValues(doubles).CountBins(edges);
            Assert.Equal(expected, counts);
            Assert.Equal(values.Length, counts.Sum());
            Assert.Equal(counts.Select(count => count * 3), new SortedValues(doubles, [.. doubles.Select(_ => 3L)], 0, 0).CountBins(edges));
        }
    }

    [Fact]
    public void Edges_OfAnyNumbers_AscendFromTheMinimumToTheMaximum()
    {
        var dice = new SeededRandom(18);
        for (var run = 0; run < 20_000; run++)
        {
            var bits = dice.Next();
            var near = bits + (dice.Next() >> (1 + dice.Next(62))); // From the next double up to any.
            var (one, other) = (BitConverter.UInt64BitsToDouble(bits), BitConverter.UInt64BitsToDouble(near));
            if (!double.IsFinite(one) || !double.IsFinite(other) || one == other)
            {
                continue;
            }

            var (min, max, bins) = (Math.Min(one, other), Math.Max(one, other), 1 + (int)(dice.Next() % 200));
            var edges = NumberEdges.Of(min, max, bins, whole: false).Edges;

            Assert.InRange(edges.Length, 2, bins + 1);
            Assert.True(edges[0] <= min && edges[^1] >= max);
            Assert.All(edges.Zip(edges.Skip(1)), pair => Assert.True(pair.First < pair.Second));
        }
    }
}
