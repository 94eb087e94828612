namespace Slowlane.Profiling.Sketches;

/// <summary>Collects the numbers of counted values, for quartiles and histograms. Pure.</summary>
internal static class CountedNumbers
{
    /// <summary>The numbers with their counts, ascending. Values without a number are left out.</summary>
    public static (double[] Numbers, long[] Counts) Of(CountedValues values, ValueNumber number)
    {
        var table = values.Table;
        var (numbers, counts) = (new double[table.Used], new long[table.Used]);
        var used = 0;
        for (var slot = 0; slot < table.Length; slot++)
        {
            if (!table.IsFree(slot) && number(table.HashOf(slot), values.ValueOf(slot)) is var value && !double.IsNaN(value))
            {
                (numbers[used], counts[used++]) = (value, table.CountOf(slot));
            }
        }

        Array.Resize(ref numbers, used);
        Array.Resize(ref counts, used);
        Array.Sort(numbers, counts);
        return (numbers, counts);
    }
}
