namespace Slowlane.Profiling.Counts;

/// <summary>Merges the counted values of partitions, after Agarwal and others: <i>Mergeable summaries</i> (PODS 2012).</summary>
internal static class CountMerge
{
    /// <summary>Whether a merge loses no count, and, if asked for, no bytes of a value.</summary>
    public static bool Fits(CountedValues values, CountedValues other, bool bytes)
    {
        var (count, size) = (values.Table.Used, 0);
        for (var slot = 0; slot < other.Table.Length && values.Exact && other.Exact; slot++)
        {
            if (!other.Table.IsFree(slot) && values.Table.IsFree(values.Table.Find(other.Table.HashOf(slot))))
            {
                count++;
                size += ValueStore.SizeOf(other.Kept[slot]);
            }
        }

        return values.Exact && other.Exact && count <= values.Most && (!bytes || (!values.Kept.Evicted && !other.Kept.Evicted && values.Kept.HasRoom(size)));
    }

    /// <summary>Adds the counts of others.</summary>
    public static void Add(CountedValues values, CountedValues other)
    {
        values.Merged |= other.Table.Used > 0;
        values.EvictedOthers += other.EvictedOthers + (other.Kept.Evicted ? 1 : 0);
        if (other.Exact)
        {
            AddCounts(values, other);
        }
        else
        {
            AddSketch(values, other);
        }
    }

    private static void AddCounts(CountedValues values, CountedValues other)
    {
        for (var theirs = 0; theirs < other.Table.Length; theirs++)
        {
            if (other.Table.IsFree(theirs))
            {
                continue;
            }

            var (hash, count) = (other.Table.HashOf(theirs), other.Table.CountOf(theirs));
            var slot = values.Table.Find(hash);
            if (values.Table.IsFree(slot))
            {
                values.AddNew(hash, count, other.Kept[theirs], other.Kept.IsShown(theirs));
            }
            else
            {
                values.AddTo(slot, count, 0, other.Kept[theirs], other.Kept.IsShown(theirs));
            }
        }
    }

    // A value that has a counter on one side only may have lost the whole error of the other side.
    private static void AddSketch(CountedValues values, CountedValues other)
    {
        values.LoseCounts();
        var mine = values.Error;
        for (var slot = 0; slot < values.Table.Length; slot++)
        {
            if (!values.Table.IsFree(slot) && other.Table.IsFree(other.Table.Find(values.Table.HashOf(slot))))
            {
                values.Table.AddError(slot, other.Error);
            }
        }

        for (var theirs = 0; theirs < other.Table.Length; theirs++)
        {
            if (!other.Table.IsFree(theirs))
            {
                AddCounter(values, other, theirs, mine);
            }
        }

        values.Error = mine + other.Error;
        values.Fit();
    }

    private static void AddCounter(CountedValues values, CountedValues other, int theirs, long mine)
    {
        var (hash, count, error) = (other.Table.HashOf(theirs), other.Table.CountOf(theirs), other.Table.ErrorOf(theirs));
        var slot = values.Table.Find(hash);
        if (values.Table.IsFree(slot))
        {
            values.Insert(hash, count, error + mine, other.Kept[theirs], other.Kept.IsShown(theirs));
        }
        else
        {
            values.AddTo(slot, count, error, other.Kept[theirs], other.Kept.IsShown(theirs));
        }
    }
}
