using System.Buffers.Binary;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Partitions;
using Slowlane.Profiling.Sketches;
using Slowlane.Profiling.Sources;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class PartitionStateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Parts_OfAnySplitMergedInAnyOrderAndGrouping_ReportWhatOnePassDoes(int seed)
    {
        var dice = new SeededRandom((ulong)seed);
        var rows = Enumerable.Range(0, 2000).Select(_ => PartitionRows.Row(dice)).ToList();
        var parts = rows.GroupBy(_ => dice.Next(PartitionRows.Partitions - 1)).Select(group => PartitionRows.Part(group).Sent()).Append(PartitionRows.Part([]).Sent()).ToList();

        while (parts.Count > 1)
        {
            var (one, other) = (Take(parts, dice), Take(parts, dice));
            one.Merge(other.Sent());
            parts.Add(one.Sent());
        }

        Assert.Equal(PartitionRows.Part(rows).Json(), parts[0].Json());
    }

    [Fact]
    public void Parts_OfNothing_ReportNothing()
    {
        var part = PartitionRows.Part([]).Sent();
        part.Merge(PartitionRows.Part([]).Sent());

        Assert.Equal(PartitionRows.Part([]).Json(), part.Json());
    }

    [Fact]
    public void Parts_BeyondTheBounds_KeepTheStatedErrors()
    {
        const int rows = 400_000;
        SourceColumn[] columns = [new("n", "bigint", ValueLayout.WholeNumber), new("word", "text", ValueLayout.Text)];
        var dice = new SeededRandom(12);
        var values = Enumerable.Range(0, rows).Select(_ => (long)Math.Pow(300_000, dice.Fraction())).ToArray();
        var whole = Of(values);
        var merged = values.Chunk(61_000).Select(Of).Aggregate((one, other) =>
        {
            one.Merge(PartitionState.Read(PartitionState.Write(other, 1), 1));
            return one;
        });

        var (expected, actual) = (whole.Report(PartitionRows.Input, 1).Columns, merged.Report(PartitionRows.Input, 7).Columns);
        Assert.Equal(expected.Select(column => column.Distinct), actual.Select(column => column.Distinct));
        Assert.Equal((expected[0].Numbers!.Mean, expected[0].Numbers!.StandardDeviation), (actual[0].Numbers!.Mean, actual[0].Numbers!.StandardDeviation));
        var (top, quartiles) = (actual[1].Top!, actual[0].Numbers!.Quantiles!);
        Assert.False(top.Exact || quartiles.Exact || expected[0].Numbers!.Quantiles!.Exact);
        var counts = values.CountBy(number => number).ToDictionary(count => Text(count.Key), count => (long)count.Value, StringComparer.Ordinal);
        Assert.All(top.Values, value => Assert.InRange(counts[value.Value], value.Count, value.Count + top.CountError));
        var state = PartitionState.Write(whole, 1);
        Assert.Equal(state, PartitionState.Write(PartitionState.Read(state, 1), 1));
        Array.Sort(values);
        var median = (long)quartiles.Median;
        Assert.InRange(values.Count(number => number < median), 0, rows * (0.5 + quartiles.RankError));
        Assert.InRange(values.Count(number => number <= median), rows * (0.5 - quartiles.RankError), rows);

        TablePart Of(long[] numbers)
        {
            var part = new TablePart(new ProfileSource { Table = "t", Kind = "table", Snapshot = "1:1:", Columns = columns }, new ColumnSet(columns));
            var bytes = new byte[8];
            foreach (var number in numbers)
            {
                part.Set.Rows++;
                BinaryPrimitives.WriteInt64BigEndian(bytes, number);
                part.Set.Accumulators[0].Add(bytes);
                part.Set.Accumulators[1].Add(System.Text.Encoding.UTF8.GetBytes(Text(number)));
            }

            return part;
        }

        static string Text(long number) => FormattableString.Invariant($"{number}");
    }

    [Fact]
    public void State_ReadBack_IsTheSameState()
    {
        var dice = new SeededRandom(6);
        var state = PartitionState.Write(PartitionRows.Part(Enumerable.Range(0, 3000).Select(_ => PartitionRows.Row(dice))), PartitionRows.Partitions);

        Assert.Equal(state, PartitionState.Write(PartitionState.Read(state, PartitionRows.Partitions), PartitionRows.Partitions));
    }

    [Fact]
    public void State_CutAnywhere_IsRefused()
    {
        var dice = new SeededRandom(7);
        var state = PartitionState.Write(PartitionRows.Part(Enumerable.Range(0, 5).Select(_ => PartitionRows.Row(dice))), PartitionRows.Partitions);

        for (var length = 0; length < state.Length; length++)
        {
            var cut = state[..length];
            Assert.Throws<InvalidDataException>(() => PartitionState.Read(cut, PartitionRows.Partitions));
            Sign(cut); // Even with a checksum that is right.
            Assert.Throws<InvalidDataException>(() => PartitionState.Read(cut, PartitionRows.Partitions));
        }
    }

    [Fact]
    public void State_WithAByteChanged_IsRefused()
    {
        var dice = new SeededRandom(8);
        var state = PartitionState.Write(PartitionRows.Part(Enumerable.Range(0, 5).Select(_ => PartitionRows.Row(dice))), PartitionRows.Partitions);

        for (var i = 0; i < state.Length; i += 7)
        {
            var changed = state.ToArray();
            changed[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => PartitionState.Read(changed, PartitionRows.Partitions));
        }
    }

    [Fact]
    public void State_OfAnotherVersionOrSplit_IsRefusedInWords()
    {
        var state = PartitionState.Write(PartitionRows.Part([]), PartitionRows.Partitions);
        var split = Assert.Throws<InvalidDataException>(() => PartitionState.Read(state, PartitionRows.Partitions + 1));
        state[4]++;
        Sign(state);
        var version = Assert.Throws<InvalidDataException>(() => PartitionState.Read(state, PartitionRows.Partitions));

        Assert.Contains("is of version 9, and only version 8", version.Message, StringComparison.Ordinal);
        Assert.Contains("a split into 8, not into 9", split.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_OfAnotherTableColumnOrSnapshot_DoNotMerge()
    {
        var part = Of("t", "1:1:", "a");

        Assert.Throws<InvalidDataException>(() => part.Merge(Of("u", "1:1:", "a")));
        Assert.Throws<InvalidDataException>(() => part.Merge(Of("t", "1:2:", "a")));
        Assert.Throws<InvalidDataException>(() => part.Merge(Of("t", "1:1:", "b")));
        part.Merge(Of("t", "1:1:", "a"));

        static TablePart Of(string table, string snapshot, string column)
        {
            SourceColumn[] columns = [new(column, "text", ValueLayout.Text)];
            return new TablePart(new ProfileSource { Table = table, Kind = "table", Snapshot = snapshot, Columns = columns }, new ColumnSet(columns));
        }
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 4)]
    [InlineData(31, 64)]
    [InlineData(32, 64)]
    [InlineData(1000, 3)]
    [InlineData(1000, 64)]
    [InlineData(4_294_967_295, 64)]
    public void Ranges_AreEvenAndCoverEverything(long blocks, int partitions)
    {
        var ranges = BlockRange.Split(blocks, partitions);

        Assert.Equal((int)Math.Min(blocks == 0 ? 0 : Math.Max(1, blocks / 16), partitions), ranges.Count);
        Assert.Equal(blocks, ranges.Sum(range => (long)range.To - range.From));
        Assert.All(ranges.Zip(ranges.Skip(1)), pair => Assert.Equal(pair.First.To, pair.Second.From));
        Assert.All(ranges, range => Assert.InRange(range.To - range.From, blocks / ranges.Count, (blocks / ranges.Count) + 1));
        Assert.All(ranges, range => Assert.Equal(range, BlockRange.Parse(range.ToString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1-2")]
    [InlineData("1-2/3; drop table t")]
    [InlineData("-1-2/3")]
    [InlineData("1-2/4294967296")]
    public void Range_ThatIsNone_IsRefused(string text) => Assert.Throws<FormatException>(() => BlockRange.Parse(text));

    [Fact]
    public void Range_SelectsBlocks_TheLastOneWithoutAnEnd()
    {
        Assert.Equal("ctid >= '(5,0)'::pg_catalog.tid and ctid < '(10,0)'::pg_catalog.tid", new BlockRange(5, 10, 20).Condition);
        Assert.Equal("ctid >= '(10,0)'::pg_catalog.tid", new BlockRange(10, 20, 20).Condition);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(64)]
    [InlineData(300)]
    [InlineData(1600)]
    public void Budget_OfAllPartsTogether_IsBounded(int columns)
    {
        for (var partitions = 1; partitions <= 64; partitions++)
        {
            var budget = ProfileBudget.For(columns, partitions);
            var states = (long)columns * Math.Min(partitions, ProfileBudget.MostPartitions(columns));
            var counted = 10L * budget.Distinct; // A hash and a count each.
            Assert.InRange(267L * budget.Sampled, 0, counted); // A column that is sampled has few counted values left.
            Assert.InRange(states * (Math.Max(counted, 24L * budget.SketchSize) + budget.Bytes), 0, 360_000_000);
        }

        Assert.Equal(ProfileBudget.For(columns).Distinct, ProfileBudget.For(columns, columns <= 4 ? 64 : 1).Distinct);
    }

    private static TablePart Take(List<TablePart> parts, SeededRandom dice)
    {
        var i = dice.Next(parts.Count);
        var part = parts[i];
        parts.RemoveAt(i);
        return part;
    }

    private static void Sign(byte[] state)
    {
        if (state.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(state.Length - 8), Hash64.Of(state.AsSpan(0, state.Length - 8)));
        }
    }
}
