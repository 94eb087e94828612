using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sketches;
using Xunit;

namespace Slowlane.Tests.Profiling.Drift;

[Trait("Category", "Fast")]
public sealed class ColumnComparisonTests
{
    [Theory]
    [InlineData(nameof(ValueLayout.WholeNumber), 20)]
    [InlineData(nameof(ValueLayout.WholeNumber), 5000)]
    [InlineData(nameof(ValueLayout.Float4), 1000)]
    [InlineData(nameof(ValueLayout.Float8), 1000)]
    [InlineData(nameof(ValueLayout.Date), 15)]
    [InlineData(nameof(ValueLayout.Date), 9000)]
    [InlineData(nameof(ValueLayout.Timestamp), 1_000_000)]
    [InlineData(nameof(ValueLayout.Interval), 1_000_000)]
    public void Distance_OfAnyTwoColumns_IsWithinItsBounds(string type, int spread)
    {
        var layout = Enum.Parse<ValueLayout>(type);
        for (var seed = 1; seed <= 40; seed++)
        {
            var dice = new SeededRandom((ulong)seed);
            var (size, shift) = (1 + dice.Next(200), seed % 4 == 0 ? 0 : dice.Next(spread));
            var before = Numbers(dice, size, spread, 0);
            var after = seed % 5 == 0 ? before : Numbers(dice, 1 + dice.Next(300), spread, shift);

            var drift = Compare(layout, before, after);

            var truth = Distance(Axis(layout, before), Axis(layout, after));
            Assert.InRange(truth, drift.Ks!.Value - 1e-12, drift.Ks.Value + drift.Ks.Error + 1e-12);
            Assert.Equal(0, drift.Ks.RankError);
            if (seed % 5 == 0)
            {
                Assert.Equal((0, 0), (drift.Ks.Value, drift.Psi));
            }

            if (spread <= 20)
            {
                Assert.Equal(0, drift.Ks.Error, 12); // Each value has its own bin.
            }
        }
    }

    [Fact]
    public void Distance_OfSketches_IsWithinItsBounds()
    {
        var dice = new SeededRandom(9);
        long[] before = [.. Enumerable.Range(0, 150_000).Select(_ => (long)(dice.Fraction() * 1e9))];
        long[] after = [.. Enumerable.Range(0, 120_000).Select(_ => (long)(dice.Fraction() * 8e8) + 100_000_000)];

        var drift = Compare(ValueLayout.WholeNumber, before, after);

        var truth = Distance(Axis(ValueLayout.WholeNumber, before), Axis(ValueLayout.WholeNumber, after));
        Assert.InRange(drift.Ks!.RankError, 0.0027, 0.0029); // Twice the error of ranks, 0.14 %.
        Assert.InRange(truth, drift.Ks.Value - drift.Ks.RankError, drift.Ks.Value + drift.Ks.Error);
        Assert.True(drift.PsiError > 0);
    }

    // Before: 0 to 19 once each, in bins of their own. After: ten of them, and ten above: 0.5 · (ln of 0.05 / 0.0001 ten times 0.05, and of 0.5 / 0.0001).
    [Fact]
    public void Index_OfNumbers_CountsInTheEarlierBinsAndBeside()
    {
        var drift = Compare(ValueLayout.WholeNumber, [.. Enumerable.Range(0, 20).Select(n => (long)n)], [.. Enumerable.Range(10, 20).Select(n => (long)n)]);

        Assert.Equal([0, .. Enumerable.Repeat(1L, 20), 0], drift.Counts!.Before);
        Assert.Equal([0, .. Enumerable.Repeat(0L, 10), .. Enumerable.Repeat(1L, 10), 10], drift.Counts.After);
        Assert.Equal((10 * 0.0499 * Math.Log(0.05 / 0.0001)) + (0.4999 * Math.Log(0.5 / 0.0001)), drift.Psi!.Value, 12);
        Assert.Equal(new DistanceFigure(0.5, 0, 0), drift.Ks);
    }

    [Fact]
    public void Index_OfTexts_ComparesTheEarlierTopAndAllOthers()
    {
        var drift = CompareTexts(["a", "a", "b", "c", "d"], ["a", "b", "b", "e"], top: 2);

        Assert.Equal([2, 1, 2], drift.Counts!.Before); // a, b, others
        Assert.Equal([1, 2, 1], drift.Counts.After);
        Assert.Equal((-0.15 * Math.Log(0.25 / 0.4)) + (0.3 * Math.Log(0.5 / 0.2)) + (-0.15 * Math.Log(0.25 / 0.4)), drift.Psi!.Value, 12);
        Assert.Null(drift.Ks);
    }

    [Fact]
    public void Index_OfTextsTooLongToShow_CountsThemAmongTheOthers()
    {
        var text = new string('x', 300);

        var drift = CompareTexts([text, text, "b"], [text, text, "b"], top: 10);

        Assert.Equal([1, 2], drift.Counts!.Before);
        Assert.Equal([1, 2], drift.Counts.After);
        Assert.Equal(0, drift.Psi);
    }

    [Theory]
    [InlineData("{}", "no figures of the distribution")]
    [InlineData("""{"top":{"exact":false,"values":[{"value":"a","count":1}]}}""", "estimates the most frequent values")]
    [InlineData("""{"top":{"values":[{"value":"a","count":1}]}}""", "estimates the most frequent values")] // An older version didn't say.
    [InlineData("""{"top":{"exact":true,"values":[]}}""", "no figures of the distribution")]
    [InlineData("""{"top":"a"}""", "a format that this version does not know")]
    [InlineData("null", "no figures of the distribution")]
    public void Texts_OfABaselineThatLacksWhatIsNeeded_AreNotComparedAndItSaysWhy(string figures, string reason)
        => Assert.Contains(reason, Compared("text", figures, ValueLayout.Text, "a"u8.ToArray()).NotCompared, StringComparison.Ordinal);

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"histogram":{"bins":[]}}""")]
    [InlineData("""{"histogram":{"bins":[{"from":"2020-01-01","to":"2020-01-02","count":1}]}}""")]
    [InlineData("""{"histogram":{"bins":[{"from":3,"to":2,"count":1}]}}""")]
    public void Numbers_OfABaselineWithoutAHistogramOfThem_AreNotCompared(string figures)
        => Assert.Contains("no histogram of values of this type", Compared("bigint", figures, ValueLayout.WholeNumber, new byte[8]).NotCompared, StringComparison.Ordinal);

    [Fact]
    public void Numbers_OfABaselineWithoutQuantilesAndErrors_AreCompared()
    {
        var drift = Compared("bigint", """{"histogram":{"bins":[{"from":0,"to":10,"count":1}]}}""", ValueLayout.WholeNumber, new byte[8]);

        Assert.Equal((0.0, 0.0, null), (drift.Psi, drift.Ks!.Value, drift.NotCompared));
    }

    [Fact]
    public void Type_ThatChanged_IsSaid()
    {
        var drift = Compared("integer", """{"histogram":{"bins":[{"from":0,"to":0,"count":1}]}}""", ValueLayout.WholeNumber, new byte[8]);

        Assert.Equal(("type changed", new Change<string>("integer", "bigint"), 0.0), (drift.SchemaChange, drift.Type, drift.Psi));
    }

    [Fact]
    public void Column_WithoutValues_IsNotCompared()
        => Assert.Contains("this profile has no values", Compared("text", "{}", ValueLayout.Text, null).NotCompared, StringComparison.Ordinal);

    private static ColumnDrift Compared(string type, string figures, ValueLayout layout, byte[]? value)
    {
        var before = new BaselineColumn { Name = "c", Type = type, Count = 1, Distinct = 1, DistinctExact = true, Figures = JsonElement.Parse(figures) };
        var (accumulator, after) = Column(layout, value is null ? [] : [value], 10);
        return ColumnComparison.Of(before, after, layout, accumulator);
    }

    private static ColumnDrift CompareTexts(string[] before, string[] after, int top)
    {
        var (_, earlier) = Column(ValueLayout.Text, before.Select(Encoding.UTF8.GetBytes), top);
        var (values, later) = Column(ValueLayout.Text, after.Select(Encoding.UTF8.GetBytes), top);
        return ColumnComparison.Of(Baselines.Of(earlier), later, ValueLayout.Text, values);
    }

    private static ColumnDrift Compare(ValueLayout layout, long[] before, long[] after)
    {
        var (_, earlier) = Column(layout, before.Select(number => Bytes(layout, number)), 10);
        var (values, later) = Column(layout, after.Select(number => Bytes(layout, number)), 10);
        return ColumnComparison.Of(Baselines.Of(earlier), later, layout, values);
    }

    private static (ColumnAccumulator Values, ColumnProfile Profile) Column(ValueLayout layout, IEnumerable<byte[]> values, int top)
    {
        var column = new SourceColumn("c", layout == ValueLayout.WholeNumber ? "bigint" : "text", layout);
        var accumulator = ColumnAccumulator.For(column, ProfileBudget.For(1));
        var rows = 0L;
        foreach (var value in values)
        {
            accumulator.Add(value);
            rows++;
        }

        return (accumulator, accumulator.Report(1, column, rows, new ProfileInput { Top = top }, startedAt: null));
    }

    private static long[] Numbers(SeededRandom dice, int count, int spread, int shift)
        => [.. Enumerable.Range(0, count).Select(_ => (long)dice.Next(spread) + shift - (spread / 2))];

    private static byte[] Bytes(ValueLayout layout, long number)
    {
        var bytes = new byte[layout switch { ValueLayout.Float4 or ValueLayout.Date => 4, ValueLayout.Interval => 16, _ => 8 }];
        switch (layout)
        {
            case ValueLayout.Float4: BinaryPrimitives.WriteSingleBigEndian(bytes, number / 7f); break;
            case ValueLayout.Float8: BinaryPrimitives.WriteDoubleBigEndian(bytes, number / 7.0); break;
            case ValueLayout.Date: BinaryPrimitives.WriteInt32BigEndian(bytes, (int)number); break;
            default: BinaryPrimitives.WriteInt64BigEndian(bytes, layout == ValueLayout.WholeNumber ? number : number * 7_654_321); break;
        }

        return bytes;
    }

    private static double[] Axis(ValueLayout layout, long[] numbers) => [.. numbers.Select(number => layout switch
    {
        ValueLayout.Float4 => double.Parse((number / 7f).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        ValueLayout.Float8 => number / 7.0,
        _ => (double)number,
    }).Order()];

    // As scipy.stats.ks_2samp(before, after).statistic: the greatest difference at any of the values.
    private static double Distance(double[] before, double[] after)
    {
        var (one, other) = (new Ranks(new SortedValues(before)), new Ranks(new SortedValues(after)));
        return before.Concat(after).Max(value => Math.Abs(((double)one.UpTo(value) / one.All) - ((double)other.UpTo(value) / other.All)));
    }
}
