namespace Slowlane.Profiling.Sketches;

/// <summary>Chooses how much is taken off every counter when there are too many. Pure.</summary>
internal static class ErrorChoice
{
    private const int Near = 1024; // Almost always the choice is among this many numbers above the present error.

    /// <summary>The least error for which at most so many counters have more, counting their own errors.</summary>
    public static long Of(CountedValues values, int counters)
    {
        Span<int> numbers = stackalloc int[Near];
        numbers.Clear();
        var above = 0;
        for (var slot = 0; slot < values.Table.Length; slot++)
        {
            if (!values.Table.IsFree(slot))
            {
                var distance = Most(values.Table, slot) - values.Error;
                numbers[(int)Math.Min(distance, Near - 1)]++;
            }
        }

        for (var distance = Near - 1; distance > 0; distance--)
        {
            above += numbers[distance];
            if (above > counters)
            {
                return distance == Near - 1 ? Far(values, counters) : values.Error + distance;
            }
        }

        return values.Error;
    }

    private static long Most(CountTable table, int slot) => table.CountOf(slot) + table.ErrorOf(slot);

    private static long Far(CountedValues values, int counters)
    {
        var table = values.Table;
        var all = Enumerable.Range(0, table.Length).Where(slot => !table.IsFree(slot)).Select(slot => Most(table, slot)).ToArray();
        Array.Sort(all);
        return all[all.Length - counters - 1];
    }
}
