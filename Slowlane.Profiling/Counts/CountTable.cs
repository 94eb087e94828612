using System.Numerics;

namespace Slowlane.Profiling.Counts;

/// <summary>
/// A hash table from the hash of a value to the number of its occurrences. It also holds the place of a value that is kept, and the error of a count.
/// </summary>
/// <param name="placed">Whether values have places.</param>
internal sealed class CountTable(bool placed)
{
    private const int FewestSlots = 16;

    private CountArrays _arrays = new(FewestSlots, placed);

    /// <summary>The number of values.</summary>
    public int Used { get; private set; }

    /// <summary>The number of slots. A slot may be free.</summary>
    public int Length => _arrays.Length;

    public bool IsFree(int slot) => _arrays.Slots[slot].Count == 0;

    /// <summary>Whether a slot has a value with a place.</summary>
    public bool IsKept(int slot) => placed && _arrays.Slots[slot].Count > 0;

    public ulong HashOf(int slot) => _arrays.Slots[slot].Hash;

    public long CountOf(int slot) => _arrays.Slots[slot].Number;

    /// <summary>The number of occurrences by which the count may be too low.</summary>
    public long ErrorOf(int slot) => _arrays.Errors.Length == 0 ? 0 : _arrays.Errors[slot];

    /// <summary>The place of the value in its store. 0 if it is not kept.</summary>
    public int PlaceOf(int slot) => placed ? _arrays.Places[slot] : 0;

    /// <summary>The slot of a hash. It is free if the hash is new.</summary>
    public int Find(ulong hash) => CountArrays.Find(_arrays.Slots, hash);

    /// <summary>Loads the slots of a block into the cache together. Searches would wait for each load separately.</summary>
    public void Approach(ReadOnlySpan<ulong> hashes) => BlockCounting.Approach(_arrays.Slots, hashes);

    /// <summary>Counts values of a block. New ones have an error.</summary>
    /// <param name="block">The block.</param>
    /// <param name="error">The error.</param>
    /// <param name="unkept">Room for the indices and slots of those with a place that are not kept yet.</param>
    /// <returns>The number of these.</returns>
    public int Add(ValueBlock block, long error, Span<(int Index, int Slot)> unkept)
    {
        Reserve(Used + block.Hashes.Length);
        var (added, next) = placed
            ? BlockCounting.Add(_arrays, block.Hashes, block.Runs, error, unkept)
            : (BlockCounting.Add(_arrays, block.Hashes, block.Runs, error), 0);
        Used += added;
        return next;
    }

    /// <summary>Adds a hash that is new. Other hashes may move to other slots.</summary>
    public void Insert(ulong hash, long count, long error, int place)
    {
        Reserve(Used + 1);
        _arrays.Put(new CountSlot(hash, placed && place == 0 ? -count : count), error, place);
        Used++;
    }

    public void Add(int slot, long count, long error)
    {
        ref var found = ref _arrays.Slots[slot];
        found.Count += Math.Sign(found.Count) * count;
        AddError(slot, error);
    }

    public void AddError(int slot, long error)
    {
        if (error > 0)
        {
            _arrays.ErrorsFor(error)[slot] += error;
        }
    }

    /// <summary>Notes where the value of a slot is kept. 0 if it is not.</summary>
    public void Keep(int slot, int place)
    {
        ref var found = ref _arrays.Slots[slot];
        found.Count = place == 0 ? -found.Number : found.Number;
        _arrays.Places[slot] = place;
    }

    /// <summary>The number of values whose count and error add up to more than a number.</summary>
    public int Above(long most) => CountRemoval.Above(_arrays, most);

    /// <summary>Removes all values but those.</summary>
    public void Remove(long most) => Used = CountRemoval.Remove(_arrays, Used, most);

    /// <summary>Makes the table as small as one with room for a number of values.</summary>
    public void Shrink(int values)
    {
        if (SlotsFor(values) < Length)
        {
            Rebuild(SlotsFor(values));
        }
    }

    private void Reserve(int values)
    {
        if (values * 2 > Length)
        {
            Rebuild(SlotsFor(values));
        }
    }

    private void Rebuild(int length)
    {
        var old = _arrays;
        _arrays = new CountArrays(length, placed);
        for (var slot = 0; slot < old.Length; slot++)
        {
            if (old.Slots[slot] is { Count: not 0 } value)
            {
                _arrays.Put(value, old.Errors.Length == 0 ? 0 : old.Errors[slot], placed ? old.Places[slot] : 0);
            }
        }

        old.Return();
    }

    private static int SlotsFor(int values) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FewestSlots, 2 * values));
}
