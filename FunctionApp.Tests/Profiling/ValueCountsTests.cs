using System.Globalization;
using System.Text;
using Slowlane.Profiling.Counts;
using Slowlane.Profiling.Sketches;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class ValueCountsTests
{
    private const int Bound = 1024;
    private const int Bytes = 1 << 15;

    public static TheoryData<int, int, bool> Data
    {
        get
        {
            var data = new TheoryData<int, int, bool>();
            foreach (var seed in Enumerable.Range(1, 12))
            {
                data.Add(seed, 1, seed % 2 == 0);
                data.Add(seed, 2 + (seed % 5), seed % 2 == 0);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Data))]
    public void Top_BeyondTheBound_KeepsItsErrorsAndMarksWhatIsUncertain(int seed, int parts, bool sent)
    {
        var dice = new SeededRandom((ulong)seed);
        var numbers = Numbers(dice, 30_000 + dice.Next(30_000));
        var truth = numbers.GroupBy(number => number).ToDictionary(group => Text(group.Key), group => group.LongCount(), StringComparer.Ordinal);
        var counts = Merged(numbers.Chunk((numbers.Length / parts) + 1).Select(Of), sent);

        foreach (var most in new[] { 1, 10, 100 })
        {
            var (exact, top) = counts.Top(most);

            Assert.False(exact);
            Assert.All(top, value => Assert.InRange(truth[Encoding.UTF8.GetString(value.Value)], value.Count, value.Count + value.Error));
            Assert.All(top.Where(value => value.Certain), value => Assert.InRange(truth.Values.Count(count => count > truth[Encoding.UTF8.GetString(value.Value)]), 0, most - 1));
            Assert.Equal(top.Select(value => value.Count).OrderDescending(), top.Select(value => value.Count));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Top_OfSkewedDataBeyondTheBound_IsTheTrueOneAndCertain(int seed)
    {
        var dice = new SeededRandom((ulong)seed);
        var numbers = Enumerable.Range(0, 200_000).Select(_ => (long)Math.Pow(100_000, dice.Fraction())).ToArray();

        var (_, top) = Of(numbers).Top(10);

        Assert.Equal(True(numbers, 10), top.Select(value => (Encoding.UTF8.GetString(value.Value), value.Count)));
        Assert.All(top, value => Assert.Equal((0, true), (value.Error, value.Certain)));
    }

    // Names: some people share theirs, nearly all are alone with it.
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Top_OfNamesThatAreNearlyUnique_IsTheTrueOne(int parts)
    {
        const int rows = 171_075;
        var dice = new SeededRandom(3);
        var shared = Enumerable.Range(0, 60).SelectMany(i => Enumerable.Repeat((long)i, 60 - i));
        var alone = Enumerable.Range(1000, rows - 1830).Select(i => i % 50 == 0 ? i - 50L : i);
        var numbers = shared.Concat(alone).Select(number => (number, dice.Next())).OrderBy(pair => pair.Item2).Select(pair => pair.number).ToArray();
        Assert.Equal(rows, numbers.Length);

        var (exact, top) = Merged(numbers.Chunk((rows / parts) + 1).Select(part => Of(part, 65_536, 1 << 22)), sent: parts > 1).Top(10);

        Assert.False(exact);
        Assert.Equal(True(numbers, 10).Select(pair => pair.Text), top.Select(value => Encoding.UTF8.GetString(value.Value)), StringComparer.Ordinal);
        Assert.All(top, value => Assert.InRange(60 - long.Parse(Encoding.UTF8.GetString(value.Value), CultureInfo.InvariantCulture), value.Count, value.Count + value.Error));
        Assert.All(top, value => Assert.InRange(value.Error, 0, 8 * parts));
    }

    [Fact]
    public void Top_OfAMillionKeys_HasTheNumberThatStandsForNone()
    {
        var numbers = Enumerable.Range(0, 1_000_000).Select(row => row % 2_500 == 0 ? -1L : row);

        var (_, top) = Of([.. numbers], 65_536, 1 << 22).Top(10);

        Assert.Equal("-1", Encoding.UTF8.GetString(top[0].Value));
        Assert.InRange(400, top[0].Count, top[0].Count + top[0].Error);
        Assert.InRange(top[0].Error, 0, 150);
    }

    // The bytes of all values take a multiple of what may be kept.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Top_OfLongTexts_IsExactThoughFewOfThemAreKept(int seed)
    {
        var dice = new SeededRandom((ulong)seed);
        var numbers = Enumerable.Range(0, 20_000).Select(_ => seed % 2 == 0 ? dice.Next(Bound) : (long)Math.Pow(Bound, dice.Fraction())).ToArray();
        var counts = new ValueCounts(Bound, Bytes, ValueKind.Bytes);
        foreach (var text in numbers.Select(Long))
        {
            counts.Add(Hash64.Of(text), text);
        }

        var (exact, top) = counts.Top(100);

        Assert.True(exact && counts.Exact);
        var expected = numbers.GroupBy(number => number).Select(group => (Text: Encoding.UTF8.GetString(Long(group.Key)), Count: group.LongCount()))
            .OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Text, StringComparer.Ordinal).Take(100);
        Assert.Equal(expected, top.Select(value => (Encoding.UTF8.GetString(value.Value), value.Count)));

        static byte[] Long(long number) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(uint)(number * 2654435761):D10}{new string('x', 240)}"));
    }

    // Values whose bytes no part kept may be frequent in the whole: then the report must not claim to be exact.
    [Theory]
    [InlineData(240, 0, false)]
    [InlineData(120, 60, true)] // What both parts kept has room in the first, which loses nothing itself.
    public void Top_OfPartsThatKeptOtherTexts_DoesNotClaimToBeExact(int length, int shared, bool behindACompletePart)
    {
        var parts = Enumerable.Range(0, 2).Select(part =>
        {
            var counts = new ValueCounts(Bound, Bytes, ValueKind.Bytes);
            for (var i = 0; i < 400; i++)
            {
                var text = Encoding.UTF8.GetBytes((i < shared ? "+" : i < 300 ? $"{part}" : "z") + i.ToString("D4", CultureInfo.InvariantCulture) + new string('x', length));
                counts.Add(Hash64.Of(text), text);
                counts.Add(Hash64.Of(text), text);
            }

            return counts;
        });

        var counts = Merged(behindACompletePart ? parts.Prepend(Of([1])) : parts, sent: true);

        Assert.True(counts.Exact);
        Assert.False(counts.Top(100).Exact);
        Assert.All(counts.Top(100).Values.Skip(shared), value => Assert.Equal((2, 0), (value.Count, value.Error)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(0x123456789abcdef0)]
    public void Hash_OfANumber_TellsTheNumber(long number)
    {
        Assert.Equal(number, Hash64.LongOf(Hash64.Of(number)));
        Assert.Equal(number / 3.0, Hash64.DoubleOf(Hash64.Of(number / 3.0)));
    }

    [Fact]
    public void State_BeyondTheBound_IsSmallAndReadsBackTheSame()
    {
        var dice = new SeededRandom(2);
        var state = Written(Of(Numbers(dice, 50_000)));

        Assert.InRange(state.Length, 16_384, 20_000);
        Assert.Equal(state, Written(Read(state)));
    }

    // From nearly flat to skewed.
    private static long[] Numbers(SeededRandom dice, int count)
    {
        var (range, power) = (2000 + dice.Next(50_000), 1 + (dice.Fraction() * 6));
        return [.. Enumerable.Range(0, count).Select(_ => (long)(range * Math.Pow(dice.Fraction(), power)))];
    }

    private static ValueCounts Of(long[] numbers) => Of(numbers, Bound, Bytes);

    private static ValueCounts Of(long[] numbers, int bound, int bytes)
    {
        var counts = new ValueCounts(bound, bytes, ValueKind.Bytes);
        foreach (var number in numbers)
        {
            var text = Encoding.UTF8.GetBytes(Text(number));
            counts.Add(Hash64.Of(text), text);
        }

        return counts;
    }

    private static ValueCounts Merged(IEnumerable<ValueCounts> parts, bool sent) => parts.Aggregate((one, other) =>
    {
        one.Merge(sent ? Read(Written(other)) : other);
        return one;
    });

    private static byte[] Written(ValueCounts counts)
    {
        using var stream = new MemoryStream();
        using var state = new BinaryWriter(stream);
        counts.Write(state);
        return stream.ToArray();
    }

    private static ValueCounts Read(byte[] bytes)
    {
        using var state = new BinaryReader(new MemoryStream(bytes));
        var bound = bytes.Length > 60_000 ? 65_536 : Bound;
        var counts = new ValueCounts(bound, bound == Bound ? Bytes : 1 << 22, ValueKind.Bytes);
        counts.Read(state);
        return counts;
    }

    private static IEnumerable<(string Text, long Count)> True(long[] numbers, int most) => numbers.GroupBy(number => number)
        .Select(group => (Text: Text(group.Key), Count: group.LongCount())).OrderByDescending(pair => pair.Count).ThenBy(pair => pair.Text, StringComparer.Ordinal).Take(most);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
