using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Counts;

/// <summary>
/// The arrays of a <see cref="CountTable"/>. They are rented: the columns of a table grow through the same sizes, so the arrays that one has outgrown
/// serve the next, and none waits for the garbage collector.
/// </summary>
internal sealed class CountArrays
{
    private readonly CountSlot[] _slots;

    /// <summary>A new instance, of which all slots are free.</summary>
    /// <param name="length">The number of slots, a power of two.</param>
    /// <param name="placed">Whether values have places.</param>
    public CountArrays(int length, bool placed)
    {
        Length = length;
        _slots = ArrayPool<CountSlot>.Shared.Rent(length);
        Places = placed ? ArrayPool<int>.Shared.Rent(length) : []; // A place is written with its slot, so these are not cleared.
        Slots.Clear();
    }

    public int Length { get; }

    public Span<CountSlot> Slots => _slots.AsSpan(0, Length);

    /// <summary>The place of each value in its store. 0 if it is not kept.</summary>
    public int[] Places { get; }

    /// <summary>The number of occurrences by which each count may be too low. Empty until a count has an error.</summary>
    public long[] Errors { get; private set; } = [];

    /// <summary>The errors, to write one. Empty if it is zero and there are none.</summary>
    public long[] ErrorsFor(long error)
    {
        if (error > 0 && Errors.Length == 0)
        {
            Errors = ArrayPool<long>.Shared.Rent(Length);
            Array.Clear(Errors, 0, Length);
        }

        return Errors;
    }

    /// <summary>The slot of a hash. It is free if the hash is new.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Find(ReadOnlySpan<CountSlot> slots, ulong hash)
    {
        var slot = (int)hash & (slots.Length - 1);
        while (slots[slot].Hash != hash && slots[slot].Count != 0)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }

        return slot;
    }

    /// <summary>Fills the slot of a hash that is new.</summary>
    public int Put(CountSlot value, long error, int place)
    {
        var slot = Find(Slots, value.Hash);
        Slots[slot] = value;
        if (ErrorsFor(error) is { Length: > 0 } errors)
        {
            errors[slot] = error;
        }

        if (Places.Length > 0)
        {
            Places[slot] = place;
        }

        return slot;
    }

    /// <summary>Makes every slot free.</summary>
    public void Clear()
    {
        Slots.Clear();
        Array.Clear(Errors, 0, Math.Min(Errors.Length, Length));
    }

    /// <summary>Returns the arrays. They can't be used any more.</summary>
    public void Return()
    {
        ArrayPool<CountSlot>.Shared.Return(_slots);
        ArrayPool<int>.Shared.Return(Places);
        ArrayPool<long>.Shared.Return(Errors);
    }
}

/// <summary>A slot of a <see cref="CountTable"/>.</summary>
/// <param name="Hash">The hash of the value.</param>
/// <param name="Count">The number of its occurrences. Zero is a free slot. A negative number is that of a value of which the bytes are not kept.</param>
[StructLayout(LayoutKind.Auto)]
internal record struct CountSlot(ulong Hash, long Count)
{
    public long Number => Math.Abs(Count);
}
