using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slowlane.Profiling;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Partitions;
using Slowlane.Profiling.Sources;

namespace Slowlane.Tests.Profiling;

/// <summary>Rows of a column of every kind and one of nulls, as they arrive, and parts of a table made of them.</summary>
internal static class PartitionRows
{
    public const int Partitions = 8;

    public static readonly ProfileInput Input = new() { Bins = 7, Top = 100, Partitions = Partitions, Baseline = new BaselineInput(null) };

    private static readonly string[] Labels = ["sad", "so so", "fine", "happy", "änders"];

    private static readonly SourceColumn[] Columns =
        [.. Enum.GetValues<ValueLayout>().Select(layout => new SourceColumn($"Spalte {layout} ü", "type", layout, Labels: layout == ValueLayout.Label ? Labels : null)), new SourceColumn("nothing", "text", ValueLayout.Text)];

    private static readonly FirstRow Shown = new(
        Columns.Select((column, i) => (column.Name, Value: i == 0 ? null : new string('é', i))).ToDictionary(item => item.Name, item => item.Value, StringComparer.Ordinal), [Columns[2].Name]);

    private static readonly Baseline Earlier = new()
    {
        Job = new Guid("01900000-0000-7000-8000-000000000001"),
        RowCount = 7,
        Columns = [new BaselineColumn { Name = Columns[0].Name, Type = "type", Count = 7, Figures = JsonElement.Parse("""{"booleans":{"true":3,"false":4}}""") }],
    };

    private static readonly string[] Words = ["", "a", "é😀", "Straße", "straße", "z\u0301", "\U0010FFFF", "日本"];

    private static readonly Interval[] Month = [new(0, 0, 1), new(0, 30, 0), new(30 * 86_400_000_000, 0, 0)];

    public static TablePart Part(IEnumerable<byte[]?[]> rows)
    {
        var part = new TablePart(
            new ProfileSource { Table = "s.\"Täble\"", Kind = "table", Snapshot = "1:1:", StartedAt = DateTimeOffset.UnixEpoch, Columns = Columns, OtherColumns = ["left ü"], FirstRows = [Shown], Baseline = Earlier },
            new ColumnSet(Columns, Partitions))
        { Bytes = 100, FinishedAt = DateTimeOffset.UnixEpoch.AddSeconds(1) };
        foreach (var row in rows)
        {
            part.Set.Rows++;
            for (var i = 0; i < row.Length; i++)
            {
                if (row[i] is { } value)
                {
                    part.Set.Accumulators[i].Add(value);
                }
            }
        }

        return part;
    }

    /// <summary>Through bytes, as from one process to another.</summary>
    public static TablePart Sent(this TablePart part) => PartitionState.Read(PartitionState.Write(part, Partitions), Partitions);

    public static string Json(this TablePart part)
        => JsonSerializer.Serialize(part.Report(Input, 1) with { BytesRead = 0 }, ProfileJson.Report.ProfileReport);

    public static byte[]?[] Row(SeededRandom dice) => [.. Columns.Select(column => dice.Next(10) == 0 || column.Name is "nothing" ? null : Value(column.Layout, dice))];

    // Chosen so that equal values come in several spellings, at the ends as well.
    private static byte[] Value(ValueLayout layout, SeededRandom dice) => layout switch
    {
        ValueLayout.Boolean => [(byte)dice.Next(2)],
        ValueLayout.WholeNumber => Long(dice.Next(20) == 0 ? (long)dice.Next() : dice.Next(1000) - 500),
        ValueLayout.Float4 => Single(dice.Next(3) == 0 ? -0.0f : dice.Next(2) * (float)dice.Fraction()),
        ValueLayout.Float8 => Double(dice),
        ValueLayout.Numeric => JsonNumber.ToNumeric(Decimal(dice))!,
        ValueLayout.Text or ValueLayout.Other => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Words[dice.Next(Words.Length)], dice.Next(3) == 0 ? 150 : 1))),
        ValueLayout.Json => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"a\":{dice.Next(100)}}}")),
        ValueLayout.Bytes => [.. Enumerable.Repeat((byte)dice.Next(256), dice.Next(20))],
        ValueLayout.Uuid => [.. Long((long)dice.Next()), .. Long(dice.Next(3))],
        ValueLayout.Label => Encoding.UTF8.GetBytes(Labels[dice.Next(Labels.Length)]),
        ValueLayout.Network => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(dice.Next(4) == 0 ? "2001:db8::" : "10.0.0.")}{dice.Next(3)}{(dice.Next(4) == 0 ? "/16" : "")}")),
        ValueLayout.Money => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{(dice.Next(2) == 0 ? "-" : "")}${dice.Next(5000):N2}")),
        ValueLayout.Date => Long(dice.Next(30) == 0 ? int.MaxValue : dice.Next(100_000))[4..],
        ValueLayout.Interval => OfInterval(dice.Next(2) == 0 ? Month[dice.Next(3)] : new Interval(-dice.Next(1000), 0, dice.Next(2))),
        _ => Long(dice.Next(50) == 0 ? long.MinValue : (long)dice.Next(int.MaxValue) * 1000),
    };

    private static byte[] Double(SeededRandom dice) => dice.Next(20) switch
    {
        0 => Long(BitConverter.DoubleToInt64Bits(double.NaN)),
        1 => Long(BitConverter.DoubleToInt64Bits(double.NegativeInfinity)),
        2 => Long(BitConverter.DoubleToInt64Bits(double.Epsilon * dice.Next(9))),
        3 => Long(BitConverter.DoubleToInt64Bits(-1.7e308)),
        _ => Long(BitConverter.DoubleToInt64Bits((dice.Fraction() - 0.5) * Math.Pow(10, dice.Next(40) - 20))),
    };

    private static string Decimal(SeededRandom dice) => dice.Next(40) switch
    {
        0 => "1e400",
        < 15 => string.Create(CultureInfo.InvariantCulture, $"-7.{new string('0', dice.Next(4) + 1)}"), // The least, of several scales.
        _ => string.Create(CultureInfo.InvariantCulture, $"{dice.Next(10_000)}.{dice.Next(100)}"),
    };

    private static byte[] OfInterval(Interval value)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value.Microseconds);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), value.Days);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), value.Months);
        return bytes;
    }

    private static byte[] Single(float value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteSingleBigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Long(long value)
    {
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }
}
