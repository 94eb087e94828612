namespace Slowlane.Profiling.Counts;

/// <summary>Selects the values that are ranked first, as quicksort's partition does, without ranking all of them. Pure.</summary>
internal static class ValueSelection
{
    /// <summary>Moves the first ones to the front, the last of them at their end: at least a number of values, and values of at least a number of bytes.</summary>
    /// <returns>How many they are: all, if they are fewer.</returns>
    public static int First(KeptValues values, Span<int> slots, int count, int size)
    {
        var (from, to) = (0, slots.Length); // Those before are among the first ones. Those behind are not, but for the one that may end them.
        while (from < to)
        {
            var pivot = Part(values, slots[from..to]) + from;
            var taken = SizeOf(values, slots[from..(pivot + 1)]);
            if (pivot + 1 >= count && taken >= size)
            {
                to = pivot;
            }
            else
            {
                (from, size) = (pivot + 1, size - taken);
            }
        }

        return Math.Min(from + 1, slots.Length);
    }

    // Moves the slots that precede one of them before it. Returns its index.
    private static int Part(KeptValues values, Span<int> slots)
    {
        var pivot = slots[slots.Length / 2];
        (slots[slots.Length / 2], slots[^1]) = (slots[^1], pivot);
        var next = 0;
        for (var i = 0; i < slots.Length - 1; i++)
        {
            if (ValueRanking.Compare(values, slots[i], pivot) < 0)
            {
                (slots[next], slots[i]) = (slots[i], slots[next]);
                next++;
            }
        }

        (slots[next], slots[^1]) = (slots[^1], slots[next]);
        return next;
    }

    private static int SizeOf(KeptValues values, ReadOnlySpan<int> slots)
    {
        var size = 0;
        foreach (var slot in slots)
        {
            size += ValueStore.SizeOf(values[slot]);
        }

        return size;
    }
}
