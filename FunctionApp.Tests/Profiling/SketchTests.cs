using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class SketchTests
{
    [Theory]
    [InlineData(70_000)]
    [InlineData(200_000)]
    [InlineData(3_000_000)]
    public void HyperLogLog_StaysWithinThreeStandardErrors(int distinct)
    {
        var counter = Counter(65_536);
        for (var i = 0; i < distinct; i++)
        {
            counter.Add(Hash64.Of((long)i));
            counter.Add(Hash64.Of((long)i / 2));
        }

        Assert.False(counter.Exact);
        Assert.InRange(counter.Distinct, distinct * (1 - (3 * HyperLogLog.RelativeError)), distinct * (1 + (3 * HyperLogLog.RelativeError)));
    }

    [Fact]
    public void ValueCounts_IsExactUpToItsBound()
    {
        var counter = Counter(1000);
        for (var i = 0; i < 5000; i++)
        {
            counter.Add(Hash64.Of((long)(i % 1000)));
        }

        Assert.True(counter.Exact);
        Assert.Equal(1000, counter.Distinct);
        counter.Add(Hash64.Of(-1L));
        Assert.False(counter.Exact);
    }

    [Theory]
    [InlineData(2048, false)]
    [InlineData(2048, true)]
    [InlineData(512, false)]
    [InlineData(512, true)]
    public void KllSketch_StaysWithinItsRankError_WholeOrMerged(int k, bool merged)
    {
        const int count = 500_000;
        var dice = new SeededRandom(42);
        var values = Enumerable.Range(0, count).Select(i => i % 3 == 0 ? dice.Fraction() * 10 : Math.Exp(dice.Fraction() * 5)).ToArray();
        var sketch = new KllSketch(k);
        foreach (var part in values.Chunk(merged ? 17_001 : count))
        {
            var one = new KllSketch(k);
            one.Add(part);
            sketch.Merge(one);
        }

        var (kept, weights) = sketch.Weighted();
        Array.Sort(values);
        Assert.Equal(count, weights.Sum());
        Assert.InRange(kept.Length, 1, (3 * k) + 200);
        var sorted = new SortedValues(kept, weights, sketch.RankError, sketch.BinError);
        for (var fraction = 0.05; fraction < 1; fraction += 0.05)
        {
            var found = Array.BinarySearch(values, sorted.Quantile(fraction)!.Value) / (double)count;
            Assert.InRange(found, fraction - sketch.RankError, fraction + sketch.RankError);
        }

        var edges = Enumerable.Range(0, 21).Select(i => values[0] + (i * (values[^1] - values[0]) / 20)).ToArray();
        var bins = sorted.CountBins(edges);
        var exact = new SortedValues(values).CountBins(edges);
        Assert.All(bins.Zip(exact), pair => Assert.InRange(pair.First, pair.Second - (sketch.BinError * count), pair.Second + (sketch.BinError * count)));
    }

    // Values that come as often as others are rare, in one go as a full set of counts hands them over.
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(2_000_000)]
    public void KllSketch_OfCountedNumbers_StaysWithinItsRankError(int most)
    {
        var dice = new SeededRandom(5);
        var numbers = Enumerable.Range(0, 65_536).Select(i => (double)i).ToArray();
        var counts = Array.ConvertAll(numbers, number => number is 30_000 ? most : 1L + dice.Next(Math.Min(most, 40)));
        var sketch = new KllSketch(2048);
        sketch.Add(numbers, counts);
        sketch.Add([.. numbers.Reverse()]);

        var (kept, weights) = sketch.Weighted();
        var total = counts.Sum() + numbers.Length;
        Assert.Equal((total, total), (sketch.Count, weights.Sum()));
        Assert.InRange(kept.Length, 1, (3 * 2048) + 200);
        var (below, found, next) = (0L, 0L, 0);
        foreach (var (number, count) in numbers.Zip(counts))
        {
            for (below += count + 1; next < kept.Length && kept[next] <= number; next++)
            {
                found += weights[next];
            }

            Assert.InRange(found, below - (sketch.RankError * total), below + (sketch.RankError * total));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(5000)]
    public void RadixSort_SortsNumbersOfEverySize(int count)
    {
        var dice = new SeededRandom(13);
        var numbers = Enumerable.Range(0, count).Select(i => i % 3 == 0 ? i % 9 : BitConverter.UInt64BitsToDouble(dice.Next())).Where(number => !double.IsNaN(number)).ToArray();
        var expected = numbers.Order().ToArray();

        RadixSort.Sort(numbers);

        Assert.Equal(expected, numbers);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(300, 40)]
    [InlineData(40, 300)]
    public void KllLevel_MergesWhatIsSorted(int ours, int theirs)
    {
        var dice = new SeededRandom(17);
        var (mine, others) = (Sorted(ours), Sorted(theirs));
        var level = new KllLevel();
        level.Append(mine);

        level.MergeSorted(others);

        Assert.Equal(mine.Concat(others).Order(), level.Values.ToArray());

        double[] Sorted(int count) => [.. Enumerable.Range(0, count).Select(_ => (double)dice.Next(60) - 30).Order()];
    }

    // States of parts hold them: a worker of another build must find the same.
    [Theory]
    [InlineData(0, 0, 0x93228a4de0eec5a2)]
    [InlineData(0, 5, 0x66c0b23c2c02b6ef)]
    [InlineData(1, 0, 0x568a86e1eb48f85e)]
    [InlineData(3, 0, 0x918ad54113cd1ff2)]
    [InlineData(3, 5, 0x61c185366e1a7475)]
    [InlineData(4, 0, 0xbac5b23f59b4caf8)]
    [InlineData(8, 0, 0x96d6d732417cc1a2)]
    [InlineData(15, 0, 0x459ae885ccf293e)]
    [InlineData(16, 0, 0x857e6cd92961fb56)]
    [InlineData(17, 0, 0x32fac1e1afce6651)]
    [InlineData(32, 0, 0x8b4c636e7ea85117)]
    [InlineData(33, 0, 0x710c4da94e1496a4)]
    [InlineData(100, 0, 0x9801d0a75a659c29)]
    [InlineData(100, 5, 0xe14cd7bb00973ac2)]
    public void Hash_OfBytes_IsTheSameInEveryBuild(int length, ulong seed, ulong hash)
        => Assert.Equal(hash, Hash64.Of(Enumerable.Range(0, length).Select(i => (byte)((i * 37) + 11)).ToArray(), seed));

    [Theory]
    [InlineData(3)]
    [InlineData(1000)]
    [InlineData(65_536)]
    public void ValueCounts_CountsTheHashZeroLikeAnyOther(int bound)
    {
        var counter = Counter(bound);
        for (var i = 0; i < 2 * bound; i++)
        {
            counter.Add(Hash64.Of((long)(i % bound))); // Of zero it is zero.
        }

        Assert.True(counter.Exact);
        Assert.Equal(bound, counter.Distinct);
        counter.Add(Hash64.Of(-1L));
        Assert.False(counter.Exact);
    }

    // Parts that are all alike toss the same coins at the same values: their errors add up instead of evening out.
    [Fact]
    public void KllSketch_OfPartsAlike_StaysWithinItsRankError()
    {
        var values = Enumerable.Range(0, 20_000).Select(i => (double)i).ToArray();
        var sketch = new KllSketch(2048);
        for (var part = 0; part < 64; part++)
        {
            var one = new KllSketch(2048);
            one.Add(values);
            sketch.Merge(one);
        }

        var (kept, weights) = sketch.Weighted();
        var sorted = new SortedValues(kept, weights, sketch.RankError, sketch.BinError);
        for (var fraction = 0.01; fraction < 1; fraction += 0.01)
        {
            Assert.InRange(sorted.Quantile(fraction)!.Value / values.Length, fraction - sketch.RankError, fraction + sketch.RankError);
        }
    }

    // Sums that cancel, of every exponent there is: any rounding on the way would show.
    [Fact]
    public void Moments_InAnyOrderAndSplit_AreTheSameToTheLastBit()
    {
        var dice = new SeededRandom(11);
        var values = Enumerable.Range(0, 20_000).Select(_ => BitConverter.UInt64BitsToDouble(dice.Next())).Where(double.IsFinite).Where(value => Math.Abs(value) < 1e150).ToArray();
        var (whole, merged) = (new Moments(), new Moments());
        whole.Add(values);
        foreach (var chunk in values.Reverse().Chunk(777))
        {
            var part = new Moments();
            part.Add(chunk);
            part.Merge(merged);
            merged = part;
        }

        Assert.Equal((whole.Sum, whole.Mean, whole.StandardDeviation), (merged.Sum, merged.Mean, merged.StandardDeviation));
        Assert.Equal((whole.Skewness, whole.Kurtosis), (merged.Skewness, merged.Kurtosis));
        whole.Add([.. values.Select(value => -value)]);
        Assert.Equal((0, 0), (whole.Mean, whole.Skewness));
    }

    [Fact]
    public void Moments_AreRoundedOnce()
    {
        var moments = new Moments();
        moments.Add([1e308, 1, -1e308, double.Epsilon]);
        var rounded = new Moments();
        rounded.Add([0.1, 0.2, 0.3]);

        Assert.Equal(0.25, moments.Mean);
        Assert.Equal(0.2, rounded.Mean); // (0.1 + 0.2 + 0.3) / 3 in doubles is 0.20000000000000004.
        Assert.Equal(0.099999999999999992, rounded.StandardDeviation); // The 0.3 of doubles lies below 0.3, their 0.1 above 0.1.
    }

    [Fact]
    public void Moments_OfNumbersFarFromZero_KeepTheirDigits()
    {
        var moments = new Moments();
        for (var i = 0; i < 1000; i++)
        {
            moments.Add([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]);
        }

        Assert.Equal(1e9 + 10, moments.Mean);
        Assert.Equal(Math.Sqrt(22.5 * 4000 / 3999), moments.StandardDeviation!.Value, 1e-12);
    }

    [Fact]
    public void Moments_OfHugeNumbers_HaveAMean()
    {
        var moments = new Moments();
        moments.Add([1.7e308, 1.7e308, 1.7e308]);

        Assert.Equal(1.7e308, moments.Mean!.Value, 1e295);
    }

    private static ValueCounts Counter(int bound) => new(bound, 0, ValueKind.Long);
}
