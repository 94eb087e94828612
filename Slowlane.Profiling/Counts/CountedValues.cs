namespace Slowlane.Profiling.Counts;

/// <summary>Counts the occurrences of each value: of every value up to a bound, then of the most frequent ones, with errors.</summary>
/// <remarks>
/// Beyond the bound, the algorithm is that of Misra, Gries: <i>Finding repeated elements</i> (1982). When no counter is free, the same number is taken off
/// every counter, and those at zero are free again. The count since a value has its counter and what it may have lost before are two numbers, as in Manku,
/// Motwani: <i>Approximate frequency counts over data streams</i> (VLDB 2002). So a value that has had a counter since the beginning is exact.
/// </remarks>
internal sealed class CountedValues
{
    // A column in which nearly all values are rare fills every counter with values that are soon removed again. It gets along with fewer counters, whose
    // slots stay in the processor's cache: a value that is more frequent than 2 in so many has one.
    private const int FewCounters = 1 << 13;
    private const long FlatError = 4; // A few times all counters were filled.

    private readonly int _bound;
    private int _counters; // Of the sketch.

    public CountedValues(int bound, int bytes, ValueKind kind)
    {
        (_bound, _counters) = (bound, Math.Max(1, bound / 2));
        Table = new CountTable(kind.Kept);
        Kept = new KeptValues(Table, kind, bytes) { Losing = () => Losing?.Invoke(true) };
    }

    public CountTable Table { get; }

    /// <summary>The bytes of the values that may be shown.</summary>
    public KeptValues Kept { get; }

    /// <summary>The greatest number of occurrences of a value without a counter. If it is zero, every count is exact.</summary>
    public long Error { get; set; }

    public bool Exact => Error == 0;

    /// <summary>The maximum number of values that are counted.</summary>
    public int Most => Exact ? _bound : _counters;

    /// <summary>Whether others were merged into these.</summary>
    public bool Merged { get; set; }

    /// <summary>
    /// How many of the merged ones had evicted the bytes of values. A value that each of two has evicted may be more frequent than those that it was
    /// behind in each.
    /// </summary>
    public int EvictedOthers { get; set; }

    /// <summary>Called before a count is lost for the first time, and, with <c>true</c>, before the bytes of a value are.</summary>
    public Action<bool>? Losing { get; set; }

    /// <summary>Whether there is room for more values and for their bytes, without one being lost.</summary>
    public bool HasRoom(ValueBlock block) => Table.Used + block.Hashes.Length <= Most && Kept.HasRoom(block.Size);

    /// <summary>Counts values for which there is room.</summary>
    public void Add(ValueBlock block)
    {
        Span<(int Index, int Slot)> unkept = stackalloc (int, int)[block.Hashes.Length];
        Kept.Add(unkept[..Table.Add(block, Error, unkept)], block);
    }

    /// <summary>Counts a value, whether or not there is room for it.</summary>
    public void Add(ulong hash, long count, ReadOnlySpan<byte> value)
    {
        var slot = Table.Find(hash);
        if (Table.IsFree(slot))
        {
            AddNew(hash, count, value);
        }
        else
        {
            AddTo(slot, count, 0, value);
        }
    }

    /// <summary>Adds a value that has no counter.</summary>
    public void AddNew(ulong hash, long count, ReadOnlySpan<byte> value, bool known = true)
    {
        if (Table.Used >= Most)
        {
            MakeRoom();
        }

        Insert(hash, count, Error, value, known);
    }

    /// <summary>Gives a value a counter, whether or not there are too many.</summary>
    public void Insert(ulong hash, long count, long error, ReadOnlySpan<byte> value, bool known)
    {
        var place = known ? Kept.Add(hash, count, value) : 0; // Before the value is counted, so that whoever hears of a loss sees all bytes.
        Table.Insert(hash, count, error, place);
    }

    /// <summary>Adds to the counter of a value, whose bytes may be missing.</summary>
    public void AddTo(int slot, long count, long error, ReadOnlySpan<byte> value, bool known = true)
    {
        if (known)
        {
            Kept.AddTo(slot, count, value);
        }

        Table.Add(slot, count, error);
    }

    /// <summary>Tells that counts are about to be lost, if none was before.</summary>
    public void LoseCounts()
    {
        if (Exact)
        {
            Losing?.Invoke(false);
        }
    }

    /// <summary>Removes the least frequent values if there are more than the sketch has counters.</summary>
    public void Fit()
    {
        Trim(_counters);
        Tidy();
    }

    private void MakeRoom()
    {
        LoseCounts();
        Trim(_counters / 2);
        if (_counters > FewCounters && Error >= FlatError && Table.Used <= _counters / 4)
        {
            _counters = FewCounters;
            Trim(_counters / 2);
        }

        Tidy();
    }

    private void Trim(int most)
    {
        if (Table.Used > most)
        {
            Error = ErrorChoice.Of(Table, Error, most);
            Table.Remove(Error);
        }
    }

    private void Tidy()
    {
        Table.Shrink(_counters);
        Kept.Compact();
    }
}
