using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>The state of counted values, for another process to merge.</summary>
internal static class ValueCountsState
{
    /// <summary>Writes the values in the order of their hashes, so that equal counts have equal states.</summary>
    /// <param name="values">The values.</param>
    /// <param name="most">The maximum number of values written. The error that is written covers the others.</param>
    /// <param name="state">The state.</param>
    public static void Write(CountedValues values, int most, BinaryWriter state)
    {
        var table = values.Table;
        var error = ErrorChoice.Of(table, values.Error, most);
        var slots = Enumerable.Range(0, table.Length).Where(slot => !table.IsFree(slot) && table.CountOf(slot) + table.ErrorOf(slot) > error).ToArray();
        Array.Sort(Array.ConvertAll(slots, table.HashOf), slots);
        state.Write7BitEncodedInt64(error);
        state.Write(values.Kept.Evicted);
        state.Write(values.Merged);
        state.Write7BitEncodedInt(values.EvictedOthers);
        state.Write7BitEncodedInt(slots.Length);
        foreach (var slot in slots)
        {
            state.Write(table.HashOf(slot));
            state.Write7BitEncodedInt64(table.CountOf(slot));
            if (error > 0)
            {
                state.Write7BitEncodedInt64(table.ErrorOf(slot));
            }

            if (values.Kept.Kind.Kept)
            {
                WriteValue(values.Kept.IsShown(slot), values.Kept[slot], state);
            }
        }
    }

    /// <summary>Reads a state into values that are new.</summary>
    /// <param name="values">The values.</param>
    /// <param name="most">The maximum number of values.</param>
    /// <param name="state">The state.</param>
    public static void Read(CountedValues values, int most, BinaryReader state)
    {
        values.Error = state.ReadCount();
        (values.Kept.Evicted, values.Merged, values.EvictedOthers) = (state.ReadBoolean(), state.ReadBoolean(), state.ReadCount(int.MaxValue));
        Span<byte> buffer = stackalloc byte[ValueStore.KeptBytes];
        for (var left = state.ReadCount(most); left > 0; left--)
        {
            var (hash, count) = (state.ReadUInt64(), Math.Max(1, state.ReadCount()));
            var error = values.Exact ? 0 : state.ReadCount();
            var length = values.Kept.Kind.Kept ? state.ReadCount(ValueStore.KeptBytes + 1) : 0;
            var value = buffer[..Math.Max(0, length - 1)];
            state.ReadExactly(value);
            Add(values, hash, count, error, value, known: length > 0);
        }
    }

    private static void Add(CountedValues values, ulong hash, long count, long error, ReadOnlySpan<byte> value, bool known)
    {
        if (!values.Table.IsFree(values.Table.Find(hash)) || (known && !values.Kept.HasRoom(ValueStore.SizeOf(value))))
        {
            throw new InvalidDataException("The state of a part is damaged: it has a value twice, or too many of them.");
        }

        values.Insert(hash, count, error, value, known);
    }

    // The length is one more than that of the value. Zero is a value that is not kept.
    private static void WriteValue(bool kept, ReadOnlySpan<byte> value, BinaryWriter state)
    {
        state.Write7BitEncodedInt(kept ? value.Length + 1 : 0);
        if (kept)
        {
            state.Write(value);
        }
    }
}
