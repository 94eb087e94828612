using System.Buffers.Binary;
using System.Text.Json;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sketches;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Partitions;

/// <summary>
/// The state of a partition as bytes, for another process to merge: a mark, the version of the format, the source, the accumulated values, and
/// a checksum over all of it.
/// </summary>
internal static class PartitionState
{
    /// <summary>The format's version. It increases with every change of the format, of a hash or of a bound. Different versions can't be merged.</summary>
    public const byte Version = 8;

    private const int HeaderLength = 5;
    private const int ChecksumLength = sizeof(ulong);

    private static ReadOnlySpan<byte> Mark => "SLPP"u8;

    public static byte[] Write(TablePart part, int partitions)
    {
        using var stream = new MemoryStream();
        using var state = new BinaryWriter(stream);
        state.Write(Mark);
        state.Write(Version);
        state.Write7BitEncodedInt(partitions);
        WriteSource(state, part.Source);
        state.Write7BitEncodedInt64(part.Bytes);
        WriteTime(state, part.FinishedAt);
        part.Set.Write(state);
        state.Write(Hash64.Of(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
        return stream.ToArray();
    }

    /// <exception cref="InvalidDataException">The state has another version, belongs to another split, or is damaged.</exception>
    public static TablePart Read(byte[] bytes, int partitions)
    {
        Check(bytes);
        using var stream = new MemoryStream(bytes, HeaderLength, bytes.Length - HeaderLength - ChecksumLength);
        using var state = new BinaryReader(stream);
        try
        {
            return ReadPart(state, partitions) is var part && stream.Position == stream.Length
                ? part : throw new InvalidDataException("The state of a part has more after its end.");
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException or JsonException)
        {
            throw new InvalidDataException($"The state of a part ({bytes.Length} bytes) is damaged: {e.Message}", e);
        }
    }

    private static void Check(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength + ChecksumLength || !bytes.StartsWith(Mark))
        {
            throw new InvalidDataException($"The state of a part ({bytes.Length} bytes) is none of a profile.");
        }

        if (bytes[Mark.Length] is var version && version != Version)
        {
            throw new InvalidDataException($"The state of a part is of version {version}, and only version {Version} can be merged here: another version of the app computed it.");
        }

        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^ChecksumLength..]) != Hash64.Of(bytes[..^ChecksumLength]))
        {
            throw new InvalidDataException($"The state of a part ({bytes.Length} bytes) is truncated or damaged: its checksum is another.");
        }
    }

    private static TablePart ReadPart(BinaryReader state, int partitions)
    {
        if (state.ReadCount() is var split && split != partitions)
        {
            throw new InvalidDataException($"The state of a part is of a split into {split}, not into {partitions}.");
        }

        var source = ReadSource(state);
        var part = new TablePart(source, new ColumnSet(source.Columns, partitions)) { Bytes = state.ReadCount(), FinishedAt = ReadTime(state) };
        part.Set.Read(state);
        return part;
    }

    private static void WriteSource(BinaryWriter state, ProfileSource source)
    {
        state.Write(source.Table!);
        state.Write(source.Kind);
        state.Write(source.Snapshot!);
        WriteTime(state, source.StartedAt);
        state.Write7BitEncodedInt(source.Columns.Count);
        foreach (var column in source.Columns)
        {
            state.Write(column.Name);
            state.Write(column.Type);
            state.Write((byte)column.Layout);
        }

        state.Write7BitEncodedInt(source.OtherColumns.Count);
        foreach (var column in source.OtherColumns)
        {
            state.Write(column);
        }

        FirstRowsState.Write(state, source);
        state.WriteBytes(source.Baseline is { } baseline ? JsonSerializer.SerializeToUtf8Bytes(baseline, BaselineJson.Read.Baseline) : null);
    }

    private static ProfileSource ReadSource(BinaryReader state)
    {
        var (table, kind, snapshot, startedAt) = (state.ReadString(), state.ReadString(), state.ReadString(), ReadTime(state));
        var columns = new SourceColumn[state.ReadCount(InlineRows.MaxColumns)];
        foreach (ref var column in columns.AsSpan())
        {
            column = new SourceColumn(state.ReadString(), state.ReadString(), (ValueLayout)state.ReadByte());
        }

        var others = new string[state.ReadCount(InlineRows.MaxColumns)];
        foreach (ref var column in others.AsSpan())
        {
            column = state.ReadString();
        }

        return new ProfileSource
        {
            Table = table,
            Kind = kind,
            Snapshot = snapshot,
            StartedAt = startedAt,
            Columns = columns,
            OtherColumns = others,
            FirstRows = FirstRowsState.Read(state, columns),
            Baseline = state.ReadBytesOrNull(int.MaxValue) is { } baseline ? JsonSerializer.Deserialize(baseline, BaselineJson.Read.Baseline) : null,
        };
    }

    private static void WriteTime(BinaryWriter state, DateTimeOffset? time) => state.Write7BitEncodedInt64(time?.UtcTicks ?? 0);

    private static DateTimeOffset? ReadTime(BinaryReader state) => state.ReadCount() is var ticks && ticks > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
