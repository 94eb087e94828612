using System.Buffers;
using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>The number of a value, by its hash and its kept bytes. NaN if it has none.</summary>
internal delegate double ValueNumber(ulong hash, ReadOnlySpan<byte> value);

/// <summary>The numbers of counted values, for quartiles and histograms. Values without a number are left out.</summary>
internal static class CountedNumbers
{
    /// <summary>The numbers with their counts, ascending.</summary>
    public static (double[] Numbers, long[] Counts) Of(CountedValues values, ValueNumber number)
    {
        var (numbers, counts) = (new double[values.Table.Used], new long[values.Table.Used]);
        var used = Fill(values, number, numbers, counts);
        Array.Resize(ref numbers, used);
        Array.Resize(ref counts, used);
        Array.Sort(numbers, counts);
        return (numbers, counts);
    }

    /// <summary>Adds the numbers to a sketch, each as often as it occurs.</summary>
    public static void AddTo(KllSketch sketch, CountedValues values, ValueNumber number)
    {
        var numbers = ArrayPool<double>.Shared.Rent(values.Table.Used);
        var counts = ArrayPool<long>.Shared.Rent(values.Table.Used);
        var used = Fill(values, number, numbers, counts);
        sketch.Add(numbers.AsSpan(0, used), counts.AsSpan(0, used));
        ArrayPool<double>.Shared.Return(numbers);
        ArrayPool<long>.Shared.Return(counts);
    }

    private static int Fill(CountedValues values, ValueNumber number, double[] numbers, long[] counts)
    {
        var table = values.Table;
        var used = 0;
        for (var slot = 0; slot < table.Length; slot++)
        {
            if (!table.IsFree(slot) && number(table.HashOf(slot), values.Kept[slot]) is var value && !double.IsNaN(value))
            {
                (numbers[used], counts[used++]) = (value, table.CountOf(slot));
            }
        }

        return used;
    }
}
