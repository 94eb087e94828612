using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Sources;
using Xunit;

namespace Slowlane.Tests.Profiling;

[Trait("Category", "Fast")]
public sealed class AccumulatorTests
{
    private static readonly SourceColumn[] Columns =
    [
        new("whole", "bigint", ValueLayout.WholeNumber), new("double", "float8", ValueLayout.Float8), new("decimal", "numeric", ValueLayout.Numeric),
        new("word", "text", ValueLayout.Text), new("raw", "bytea", ValueLayout.Bytes), new("at", "timestamp", ValueLayout.Timestamp), new("yes", "boolean", ValueLayout.Boolean),
    ];

    private static readonly ProfileInput Input = new() { Bins = 5, Top = 100 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Merge_OfAnySplitInAnyGrouping_EqualsTheWhole(int seed)
    {
        var dice = new SeededRandom((ulong)seed);
        var rows = Enumerable.Range(0, 3000).Select(_ => Row(dice)).ToList();
        var parts = Enumerable.Range(0, 4).Select(_ => new ColumnSet(Columns)).ToList();
        var whole = new ColumnSet(Columns);
        foreach (var row in rows)
        {
            Feed(whole, row);
            Feed(parts[dice.Next(4)], row);
        }

        // (0 + 1) + (2 + 3), so that a merged one is merged in turn.
        parts[0].Merge(parts[1]);
        parts[2].Merge(parts[3]);
        parts[0].Merge(parts[2]);

        Equal(whole.Report(Input), parts[0].Report(Input));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(13)]
    [InlineData(31)]
    public void Distinct_OfAUniqueColumn_IsNeverMoreThanItsValues(int step)
    {
        var set = new ColumnSet([Columns[0]]);
        for (var i = 0; i < 150_000; i++)
        {
            var value = new byte[8];
            BinaryPrimitives.WriteInt64BigEndian(value, (long)i * step);
            Feed(set, [value]);
        }

        var column = Assert.Single(set.Report(Input));
        Assert.InRange(column.Distinct.Value, 140_000, column.Count);
    }

    [Fact]
    public void Merge_WithNothing_ChangesNothing()
    {
        var dice = new SeededRandom(9);
        var (set, same, empty) = (new ColumnSet(Columns), new ColumnSet(Columns), new ColumnSet(Columns));
        for (var i = 0; i < 500; i++)
        {
            var row = Row(dice);
            Feed(set, row);
            Feed(same, row);
        }

        set.Merge(new ColumnSet(Columns));
        empty.Merge(same);

        Equal(set.Report(Input), empty.Report(Input));
    }

    [Theory]
    [InlineData("b", "abcdefgh", "abcdefg")]
    [InlineData("abcdefghi", "abcdefghij", "abcdefgh")]
    [InlineData("abcdefghz", "abcdefghy", "abcdefgha", "abcdefghb")]
    [InlineData("", "a", "\U0010FFFF", "z\u0301")]
    public void Texts_HaveTheirEndsByEveryByte(params string[] texts)
    {
        var set = new ColumnSet([Columns[3]]);
        foreach (var text in texts)
        {
            set.Accumulators[0].Add(Encoding.UTF8.GetBytes(text));
        }

        var profile = set.Report(Input)[0];
        var ordered = texts.OrderBy(text => Convert.ToHexString(Encoding.UTF8.GetBytes(text)), StringComparer.Ordinal).ToList();
        Assert.Equal((ordered[0], ordered[^1]), (profile.Min, profile.Max));
    }

    [Fact]
    public void Characters_AreCounted_WhateverTheLength()
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("aé日😀bc", 12)));
        for (var start = 0; start < 16; start++)
        {
            for (var end = start; end <= text.Length; end++)
            {
                var part = text[start..end];
                Assert.Equal(part.Count(value => (value & 0xC0) != 0x80), Utf8.CountCharacters(part));
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(131_073)]
    public void Parser_OfAStreamCutAnywhere_SeesTheSame(int piece)
    {
        var stream = Stream();
        var (whole, cut) = (new ColumnSet(Columns[3..5]), new ColumnSet(Columns[3..5]));
        var (parser, pieces) = (new CopyParser(whole), new CopyParser(cut));

        parser.Parse(stream);
        foreach (var part in stream.Chunk(piece))
        {
            pieces.Parse(part);
        }

        Assert.True(parser.Complete && pieces.Complete);
        Assert.Equal(40, whole.Rows);
        Equal(whole.Report(Input), cut.Report(Input));
    }

    [Fact]
    public void Parser_OfAStreamThatIsNone_Throws()
    {
        Assert.Throws<InvalidDataException>(() => new CopyParser(new ColumnSet(Columns)).Parse(new byte[100]));
        Assert.Throws<InvalidDataException>(() => new CopyParser(new ColumnSet(Columns)).Parse(Stream())); // Two fields, not seven.
    }

    // Rows of a short and of a long text, the long one just below, at and above what comes in one piece.
    private static byte[] Stream()
    {
        var bytes = new List<byte>([.. "PGCOPY\n"u8, 0xff, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0]);
        for (var i = 0; i < 40; i++)
        {
            var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("é", (LongValue.Threshold / 2) - 5 + (i % 10))));
            bytes.AddRange([0, 2, .. i % 5 == 0 ? Length(-1) : [.. Length(2), (byte)'a', (byte)('a' + (i % 7))], .. Length(text.Length), .. text]);
        }

        bytes.AddRange([0xff, 0xff]);
        return [.. bytes];
    }

    private static byte[] Length(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[]?[] Row(SeededRandom dice)
    {
        var (whole, real, at) = (new byte[8], new byte[8], new byte[8]);
        BinaryPrimitives.WriteInt64BigEndian(whole, dice.Next(1000) - 500);
        BinaryPrimitives.WriteDoubleBigEndian(real, dice.Next(20) == 0 ? double.NaN : dice.Fraction());
        BinaryPrimitives.WriteInt64BigEndian(at, dice.Next(50) == 0 ? long.MaxValue : (long)dice.Next(int.MaxValue) * 1000);
        var word = Encoding.UTF8.GetBytes(new string((char)('a' + dice.Next(26)), dice.Next(5)));
        return [whole, real, JsonNumber.ToNumeric(FormattableString.Invariant($"{dice.Next(10_000)}.{dice.Next(100)}")), word, dice.Next(3) == 0 ? null : word, at, [(byte)dice.Next(2)]];
    }

    private static void Feed(ColumnSet set, byte[]?[] row)
    {
        set.Rows++;
        for (var i = 0; i < row.Length; i++)
        {
            if (row[i] is { } value)
            {
                set.Accumulators[i].Add(value);
            }
        }
    }

    private static void Equal(IReadOnlyList<ColumnProfile> expected, IReadOnlyList<ColumnProfile> actual)
        => Assert.Equal(expected.Select(Json), actual.Select(Json), StringComparer.Ordinal);

    private static string Json(ColumnProfile column) => JsonSerializer.Serialize(column, ProfileJson.Report.ColumnProfile);
}
