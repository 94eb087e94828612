namespace Slowlane.Profiling.Sketches;

/// <summary>What the state of a part is written and read by, besides what .NET has. What lies beyond its bounds is no state of ours.</summary>
internal static class StateFields
{
    /// <summary>A number from zero up, written by <see cref="BinaryWriter.Write7BitEncodedInt64"/>.</summary>
    public static long ReadCount(this BinaryReader state)
        => state.Read7BitEncodedInt64() is var count && count >= 0 ? count : throw Damaged(count, long.MaxValue);

    /// <summary>A number of things that were written, at most as many as can be there.</summary>
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
