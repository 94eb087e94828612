using System.Buffers;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>
/// A hash table from the hash of a value to the number of its occurrences. It also holds the place of a value that is kept, and the error of a count.
/// </summary>
/// <param name="placed">Whether values have places.</param>
internal sealed class CountTable(bool placed)
{
    private const int NearSlots = 1 << 11; // This many slots fit in the first-level cache.

    private Slot[] _slots = new Slot[16]; // A count of zero is a free slot. A negative one is that of a value that is not kept.
    private int[] _places = placed ? new int[16] : [];
    private long[] _errors = []; // Allocated once a count has an error.

    /// <summary>The number of values.</summary>
    public int Used { get; private set; }

    /// <summary>The number of slots. A slot may be free.</summary>
    public int Length => _slots.Length;

    public bool IsFree(int slot) => _slots[slot].Count == 0;

    public ulong HashOf(int slot) => _slots[slot].Hash;

    public long CountOf(int slot) => Math.Abs(_slots[slot].Count);

    /// <summary>The number of occurrences by which the count may be too low.</summary>
    public long ErrorOf(int slot) => _errors.Length == 0 ? 0 : _errors[slot];

    /// <summary>The place of the value in its store. 0 if it is not kept.</summary>
    public int PlaceOf(int slot) => placed ? _places[slot] : 0;

    /// <summary>Adds to the counts of hashes, one after the other, up to one that is new or whose value is not kept.</summary>
    /// <returns>The number of hashes before that one, and its slot, which is free if it is new.</returns>
    public (int Done, int Slot) AddKnown(ReadOnlySpan<ulong> hashes, ReadOnlySpan<long> counts)
    {
        var slots = _slots;
        for (var i = 0; i < hashes.Length; i++)
        {
            var hash = hashes[i];
            var slot = (int)hash & (slots.Length - 1);
            while (slots[slot].Hash != hash && slots[slot].Count != 0)
            {
                slot = (slot + 1) & (slots.Length - 1);
            }

            ref var found = ref slots[slot];
            if (found.Count <= 0)
            {
                return (i, slot);
            }

            found.Count += counts[i];
        }

        return (hashes.Length, -1);
    }

    /// <summary>Loads the slots of a block into the cache together. Searches would wait for each load separately.</summary>
    public void Approach(ReadOnlySpan<ulong> hashes)
    {
        var slots = _slots;
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

    /// <summary>The slot of a hash. It is free if the hash is new.</summary>
    public int Find(ulong hash)
    {
        var slots = _slots;
        var slot = (int)hash & (slots.Length - 1);
        while (slots[slot].Hash != hash && slots[slot].Count != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    /// <summary>Adds a hash that is new.</summary>
    /// <returns>Its slot. Other hashes may have moved to other slots.</returns>
    public int Insert(ulong hash, long count, long error)
    {
        if ((Used + 1) * 2 > _slots.Length)
        {
            Rebuild(_slots.Length * 2, long.MinValue);
        }

        var slot = Place(hash, count, error, 0);
        Used++;
        return slot;
    }

    public void Add(int slot, long count, long error)
    {
        _slots[slot].Count += Math.Sign(_slots[slot].Count) * count;
        AddError(slot, error);
    }

    public void AddError(int slot, long error)
    {
        if (error > 0)
        {
            Errors()[slot] += error;
        }
    }

    /// <summary>Notes where the value of a slot is kept. 0 if it is not.</summary>
    public void Keep(int slot, int place)
    {
        _places[slot] = place;
        _slots[slot].Count = place == 0 ? -CountOf(slot) : CountOf(slot);
    }

    /// <summary>Removes every value whose count and error add up to a bound at most.</summary>
    public void Remove(long most, int slots) => Rebuild(slots, most);

    private void Rebuild(int length, long most)
    {
        var kept = ArrayPool<(Slot Slot, long Error, int Place)>.Shared.Rent(Used);
        var next = 0;
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (!IsFree(slot) && CountOf(slot) + ErrorOf(slot) > most)
            {
                kept[next++] = (_slots[slot], ErrorOf(slot), PlaceOf(slot));
            }
        }

        Clear(length);
        foreach (var (slot, error, place) in kept.AsSpan(0, next))
        {
            Place(slot.Hash, slot.Count, error, place);
        }

        Used = next;
        ArrayPool<(Slot, long, int)>.Shared.Return(kept);
    }

    private void Clear(int length)
    {
        if (length == _slots.Length)
        {
            Array.Clear(_slots);
            Array.Clear(_errors);
            return; // A place is written with its slot.
        }

        _slots = new Slot[length];
        _places = placed ? new int[length] : [];
        _errors = _errors.Length == 0 ? [] : new long[length];
    }

    private int Place(ulong hash, long count, long error, int place)
    {
        var slot = Find(hash);
        _slots[slot] = new Slot { Hash = hash, Count = count };
        AddError(slot, error);
        if (placed)
        {
            _places[slot] = place;
        }

        return slot;
    }

    private long[] Errors() => _errors.Length == 0 ? _errors = new long[_slots.Length] : _errors;

    [StructLayout(LayoutKind.Auto)]
    private record struct Slot(ulong Hash, long Count);
}
