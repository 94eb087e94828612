namespace Slowlane.Profiling.Sketches;

/// <summary>A set of hashes with a maximum size.</summary>
internal sealed class HashTable(int bound)
{
    private const int NearSlots = 1 << 12; // This many slots fit in the first-level cache.

    private ulong[] _slots = new ulong[16]; // Zero is a free slot. The hash zero is tracked separately.
    private int _used;
    private bool _zero;

    public int Count => _used + (_zero ? 1 : 0);

    /// <summary>Adds hashes one after the other.</summary>
    /// <returns>The number of hashes added. It is smaller than the number given if the next hash would exceed the bound.</returns>
    public int Add(ReadOnlySpan<ulong> hashes)
    {
        Approach(hashes);
        for (var i = 0; i < hashes.Length; i++)
        {
            if (!Holds(hashes[i]) && !Insert(hashes[i]))
            {
                return i;
            }
        }

        return hashes.Length;
    }

    /// <summary>All hashes, unordered.</summary>
    public ulong[] ToArray()
    {
        var hashes = new ulong[Count];
        var next = _zero ? 1 : 0;
        foreach (var hash in _slots)
        {
            if (hash != 0)
            {
                hashes[next++] = hash;
            }
        }

        return hashes;
    }

    // Loads the slots of a block into the cache together. The search would wait for each load separately.
    private void Approach(ReadOnlySpan<ulong> hashes)
    {
        var slots = _slots;
        if (slots.Length > NearSlots)
        {
            var seen = 0UL;
            foreach (var hash in hashes)
            {
                seen |= slots[(int)hash & (slots.Length - 1)];
            }

            _ = Volatile.Read(ref seen); // Keeps the compiler from removing the loop.
        }
    }

    private bool Holds(ulong hash)
    {
        var slots = _slots;
        var slot = (int)hash & (slots.Length - 1);
        while (slots[slot] is var found && found != hash)
        {
            if (found == 0)
            {
                return false;
            }

            slot = (slot + 1) & (slots.Length - 1);
        }

        return hash != 0 || _zero;
    }

    // Returns false at the bound.
    private bool Insert(ulong hash)
    {
        if (Count == bound)
        {
            return false;
        }

        if (hash == 0)
        {
            return _zero = true;
        }

        Place(_slots, hash);
        if (++_used * 2 > _slots.Length)
        {
            var wider = new ulong[_slots.Length * 2];
            foreach (var one in _slots)
            {
                if (one != 0)
                {
                    Place(wider, one);
                }
            }

            _slots = wider;
        }

        return true;
    }

    private static void Place(ulong[] slots, ulong hash)
    {
        var slot = (int)hash & (slots.Length - 1);
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        slots[slot] = hash;
    }
}
