namespace Slowlane.Profiling.Counts;

/// <summary>A frequent value.</summary>
/// <param name="Hash">Its hash.</param>
/// <param name="Value">Its kept bytes, if the kind of values has any.</param>
/// <param name="Count">The number of occurrences that are certain.</param>
/// <param name="Error">The number by which the count may be too low.</param>
/// <param name="Certain">Whether the value is certainly among the most frequent ones.</param>
internal sealed record FrequentValue(ulong Hash, byte[] Value, long Count, long Error, bool Certain);

/// <summary>Ranks values by their counts, and equal counts by their values. Pure.</summary>
internal static class ValueRanking
{
    /// <summary>The most values that can be asked for. The bytes of at least this many are kept.</summary>
    public const int Most = 100;

    /// <summary>The slots of the first values that can be shown.</summary>
    public static int[] First(KeptValues values, int most)
    {
        var first = new int[most];
        var used = 0;
        var least = 0L; // The count of the last one, if all places are taken.
        for (var slot = 0; slot < values.Table.Length && most > 0; slot++)
        {
            if (values.Table.IsFree(slot) || values.Table.CountOf(slot) < least || !values.IsShown(slot) || (used == most && Compare(values, slot, first[^1]) > 0))
            {
                continue;
            }

            used = Math.Min(used + 1, most);
            var place = used - 1;
            while (place > 0 && Compare(values, slot, first[place - 1]) < 0)
            {
                first[place] = first[place - 1];
                place--;
            }

            first[place] = slot;
            least = used == most ? values.Table.CountOf(first[^1]) : 0;
        }

        return first[..used];
    }

    /// <summary>The slots of all values that can be shown, in no order.</summary>
    public static List<int> Shown(KeptValues values)
    {
        var slots = new List<int>(values.Table.Used);
        for (var slot = 0; slot < values.Table.Length; slot++)
        {
            if (!values.Table.IsFree(slot) && values.IsShown(slot))
            {
                slots.Add(slot);
            }
        }

        return slots;
    }

    /// <summary>The first values, with what is certain about them.</summary>
    public static IReadOnlyList<FrequentValue> Top(CountedValues values, int most)
    {
        var slots = First(values.Kept, most);
        var rivals = Rivals(values.Table, slots);
        return [.. slots.Select((slot, i) => new FrequentValue(
            values.Table.HashOf(slot),
            values.Kept[slot].ToArray(),
            values.Table.CountOf(slot),
            values.Table.ErrorOf(slot),
            values.Error <= values.Table.CountOf(slot) && rivals[i] < most))];
    }

    /// <summary>Whether the first values are those of all, not only of those that can be shown.</summary>
    public static bool IsComplete(CountedValues values, IReadOnlyList<FrequentValue> first, int most)
    {
        if (values.EvictedOthers < 2 && (!values.Kept.Evicted || !values.Merged))
        {
            return true; // Values whose bytes are not kept are behind at least as many as can be asked for.
        }

        var least = first.Count < most ? 0 : first[^1].Count;
        for (var slot = 0; slot < values.Table.Length; slot++)
        {
            if (!values.Table.IsFree(slot) && !values.Kept.IsShown(slot) && values.Table.CountOf(slot) >= least)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The order of two values' ranks.</summary>
    public static int Compare(KeptValues values, int one, int other)
    {
        var table = values.Table;
        var order = table.CountOf(other).CompareTo(table.CountOf(one));
        order = order != 0 ? order : values.Kind.Order(table.HashOf(one), values[one], table.HashOf(other), values[other]);
        return order != 0 ? order : table.HashOf(one).CompareTo(table.HashOf(other));
    }

    // For each slot, the number of other values with a counter that may occur more often than its count.
    private static int[] Rivals(CountTable table, int[] slots)
    {
        var rivals = new int[slots.Length];
        for (var slot = 0; slot < table.Length && slots.Length > 0; slot++)
        {
            var possible = table.IsFree(slot) ? 0 : table.CountOf(slot) + table.ErrorOf(slot);
            for (var i = slots.Length - 1; i >= 0 && table.CountOf(slots[i]) < possible; i--)
            {
                rivals[i] += slots[i] == slot ? 0 : 1;
            }
        }

        return rivals;
    }
}
