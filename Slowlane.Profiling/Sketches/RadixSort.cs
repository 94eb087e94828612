using System.Buffers;
using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>
/// Sorts thousands of numbers byte by byte. This is twice as fast as a sort by comparison, whose branches a processor can't predict. Short
/// inputs are sorted by <see cref="RankSort"/>.
/// </summary>
internal static class RadixSort
{
    private const int Digits = sizeof(ulong);
    private const int Values = 256;

    /// <summary>Sorts ascending, with -0 before 0. The numbers must not contain NaN.</summary>
    public static void Sort(Span<double> numbers)
    {
        if (numbers.Length <= RankSort.Most)
        {
            RankSort.Sort(numbers);
            return;
        }

        var rented = ArrayPool<ulong>.Shared.Rent(numbers.Length);
        var keys = MemoryMarshal.Cast<double, ulong>(numbers);
        Span<int> counts = stackalloc int[Digits * Values];
        counts.Clear();
        Fold(keys, counts);
        var from = keys;
        var to = rented.AsSpan(0, keys.Length);
        for (var digit = 0; digit < Digits; digit++)
        {
            if (Move(from, to, digit, counts.Slice(digit * Values, Values)))
            {
                var other = from;
                from = to;
                to = other;
            }
        }

        Unfold(from, keys);
        ArrayPool<ulong>.Shared.Return(rented);
    }

    // Maps numbers to keys with the same order: inverts all bits of a negative number, and sets the sign bit of a positive one.
    private static void Fold(Span<ulong> keys, Span<int> counts)
    {
        foreach (ref var key in keys)
        {
            key ^= (ulong)((long)key >> 63) | (1UL << 63);
            for (var digit = 0; digit < Digits; digit++)
            {
                counts[(digit * Values) + (byte)(key >> (8 * digit))]++;
            }
        }
    }

    private static void Unfold(ReadOnlySpan<ulong> from, Span<ulong> keys)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = from[i] ^ (((from[i] >> 63) - 1) | (1UL << 63));
        }
    }

    // Returns false if all keys have the same digit. The keys then stay in place.
    private static bool Move(ReadOnlySpan<ulong> from, Span<ulong> to, int digit, Span<int> places)
    {
        var shift = 8 * digit;
        if (places[(byte)(from[0] >> shift)] == from.Length)
        {
            return false;
        }

        var next = 0;
        foreach (ref var place in places)
        {
            (place, next) = (next, next + place);
        }

        foreach (var key in from)
        {
            to[places[(byte)(key >> shift)]++] = key;
        }

        return true;
    }
}
