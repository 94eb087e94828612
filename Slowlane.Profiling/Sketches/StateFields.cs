namespace Slowlane.Profiling.Sketches;

/// <summary>Reads and writes fields of a partition's state that .NET's reader and writer lack. A field that is out of bounds makes the state invalid.</summary>
internal static class StateFields
{
    /// <summary>Reads a number that is not negative, written by <see cref="BinaryWriter.Write7BitEncodedInt64"/>.</summary>
    public static long ReadCount(this BinaryReader state)
        => state.Read7BitEncodedInt64() is var count && count >= 0 ? count : throw Damaged(count, long.MaxValue);

    /// <summary>Reads the number of items that follow, up to a maximum.</summary>
    public static int ReadCount(this BinaryReader state, int most)
        => state.Read7BitEncodedInt64() is var count && count >= 0 && count <= most ? (int)count : throw Damaged(count, most);

    public static double[] ReadDoubles(this BinaryReader state, int most)
    {
        var values = new double[state.ReadCount(most)];
        foreach (ref var value in values.AsSpan())
        {
            value = state.ReadDouble();
        }

        return values;
    }

    public static void WriteDoubles(this BinaryWriter state, ReadOnlySpan<double> values)
    {
        state.Write7BitEncodedInt(values.Length);
        foreach (var value in values)
        {
            state.Write(value);
        }
    }

    public static byte[]? ReadBytesOrNull(this BinaryReader state, int most)
    {
        if (!state.ReadBoolean())
        {
            return null;
        }

        var bytes = new byte[state.ReadCount(most)];
        state.ReadExactly(bytes);
        return bytes;
    }

    public static void WriteBytes(this BinaryWriter state, byte[]? bytes)
    {
        state.Write(bytes is not null);
        if (bytes is not null)
        {
            state.Write7BitEncodedInt(bytes.Length);
            state.Write(bytes);
        }
    }

    private static InvalidDataException Damaged(long count, long most)
        => new($"The state of a part is damaged: it has {count} of something of which there are at most {most}.");
}
