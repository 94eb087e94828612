namespace Slowlane.Profiling.Counts;

/// <summary>Chooses how much is taken off every counter when there are too many. Pure.</summary>
internal static class ErrorChoice
{
    private const int Near = 1024; // Almost always the choice is among this many numbers above the present error.

    /// <summary>The least error, not less than the present one, for which at most so many counters have more, counting their own errors.</summary>
    public static long Of(CountTable table, long error, int counters)
    {
        if (table.Used <= counters)
        {
            return error;
        }

        return table.Above(error + 1) <= counters ? error + 1 : Nearest(table, error, counters);
    }

    private static long Nearest(CountTable table, long error, int counters)
    {
        Span<int> numbers = stackalloc int[Near];
        numbers.Clear();
        var above = 0;
        for (var slot = 0; slot < table.Length; slot++)
        {
            if (!table.IsFree(slot))
            {
                var distance = Most(table, slot) - error;
                numbers[(int)Math.Min(distance, Near - 1)]++;
            }
        }

        for (var distance = Near - 1; distance > 0; distance--)
        {
            above += numbers[distance];
            if (above > counters)
            {
                return distance == Near - 1 ? Far(table, counters) : error + distance;
            }
        }

        return error;
    }

    private static long Most(CountTable table, int slot) => table.CountOf(slot) + table.ErrorOf(slot);

    private static long Far(CountTable table, int counters)
    {
        var all = Enumerable.Range(0, table.Length).Where(slot => !table.IsFree(slot)).Select(slot => Most(table, slot)).ToArray();
        Array.Sort(all);
        return all[all.Length - counters - 1];
    }
}
