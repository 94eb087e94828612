namespace Slowlane.Profiling.Sketches;

/// <summary>A set of hashes, up to a bound.</summary>
internal sealed class HashTable(int bound)
{
    private const int NearSlots = 1 << 12; // As many as lie in the first cache.

    private ulong[] _slots = new ulong[16]; // Zero is a free slot; the hash zero is counted apart.
    private int _used;
    private bool _zero;

    public int Count => _used + (_zero ? 1 : 0);

    /// <summary>Takes in hashes one after the other.</summary>
    /// <returns>How many; fewer than there are when the next would pass the bound.</returns>
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

    /// <summary>Every hash, in no order.</summary>
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

    // Has the slots of a block fetched all at once; the search would wait for one after the other.
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

            _ = Volatile.Read(ref seen); // So that the loop isn't for nothing.
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

    // False at the bound.
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
