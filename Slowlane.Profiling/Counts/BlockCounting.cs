namespace Slowlane.Profiling.Counts;

/// <summary>Counts a block of hashes in the arrays of a table that have room for all of them: the loops in which a profile spends its time.</summary>
internal static class BlockCounting
{
    private const int NearSlots = 1 << 11; // This many slots fit in the first-level cache.

    /// <summary>Loads the slots of hashes into the cache together. Searches would wait for each load separately.</summary>
    public static void Approach(ReadOnlySpan<CountSlot> slots, ReadOnlySpan<ulong> hashes)
    {
        if (slots.Length > NearSlots)
        {
            var seen = 0UL;
            foreach (var hash in hashes)
            {
                seen |= slots[(int)hash & (slots.Length - 1)].Hash;
            }

            _ = Volatile.Read(ref seen); // Keeps the compiler from removing the loop.
        }
    }

    /// <summary>Adds to the counts of hashes.</summary>
    /// <param name="arrays">The arrays. Values have no places.</param>
    /// <param name="hashes">The hashes.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <param name="error">The error of the count of a new one.</param>
    /// <returns>The number of new ones.</returns>
    public static int Add(CountArrays arrays, ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> counts, long error)
    {
        var slots = arrays.Slots;
        var (errors, added) = (arrays.ErrorsFor(error), 0);
        for (var i = 0; i < hashes.Length; i++)
        {
            var slot = CountArrays.Find(slots, hashes[i]);
            ref var found = ref slots[slot];
            if (found.Count == 0)
            {
                found.Hash = hashes[i];
                added++;
                if (errors.Length > 0)
                {
                    errors[slot] = error;
                }
            }

            found.Count += counts[i];
        }

        return added;
    }

    /// <summary>Adds to the counts of hashes whose values have places.</summary>
    /// <param name="arrays">The arrays.</param>
    /// <param name="hashes">The hashes.</param>
    /// <param name="counts">How often each occurs.</param>
    /// <param name="error">The error of the count of a new one.</param>
    /// <param name="unkept">Set to those of which the value is not kept yet, each with its slot. There must be room for all.</param>
    /// <returns>The number of new ones, and of those.</returns>
    public static (int Added, int Unkept) Add(CountArrays arrays, ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> counts, long error, Span<(int Index, int Slot)> unkept)
    {
        var slots = arrays.Slots;
        var (places, errors, added, next) = (arrays.Places, arrays.ErrorsFor(error), 0, 0);
        for (var i = 0; i < hashes.Length; i++)
        {
            var slot = CountArrays.Find(slots, hashes[i]);
            ref var found = ref slots[slot];
            if (found.Count > 0)
            {
                found.Count += counts[i];
                continue;
            }

            if (found.Count == 0)
            {
                found.Hash = hashes[i];
                places[slot] = 0;
                added++;
                if (errors.Length > 0)
                {
                    errors[slot] = error;
                }
            }

            found.Count -= counts[i];
            unkept[next++] = (i, slot);
        }

        return (added, next);
    }
}
