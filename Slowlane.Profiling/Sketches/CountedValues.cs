namespace Slowlane.Profiling.Sketches;

/// <summary>Counts the occurrences of each value: of every value up to a bound, then of the most frequent ones, with errors. Keeps the bytes of those that may be shown.</summary>
/// <remarks>
/// Beyond the bound, the algorithm is that of Misra, Gries: <i>Finding repeated elements</i> (1982), mergeable after Agarwal and others: <i>Mergeable
/// summaries</i> (PODS 2012). When no counter is free, the same number is taken off every counter, and those at zero are free again. The count since
/// a value has its counter and what it may have lost before are two numbers, as in Manku, Motwani: <i>Approximate frequency counts over data
/// streams</i> (VLDB 2002). So a value that has had a counter since the beginning is exact.
/// </remarks>
internal sealed class CountedValues(int bound, int bytes, ValueKind kind)
{
    private readonly int _capacity = Math.Max(1, bound / 2); // Of the sketch. Its slots and errors take less memory than the full exact table.
    private readonly ValueStore _store = new(bytes);
    private (long Count, ulong Hash, byte[] Value)? _floor;

    public CountTable Table { get; } = new(kind.Kept);

    public ValueKind Kind => kind;

    /// <summary>The greatest number of occurrences of a value without a counter. If it is zero, every count is exact.</summary>
    public long Error { get; set; }

    public bool Exact => Error == 0;

    /// <summary>Whether the bytes of a value were removed because there was no room for them.</summary>
    public bool Evicted { get; set; }

    /// <summary>Whether others were merged into these.</summary>
    public bool Merged { get; set; }

    /// <summary>Called before a count is lost for the first time, and, with <c>true</c>, before the bytes of a value are.</summary>
    public Action<bool>? Losing { get; set; }

    /// <summary>The kept bytes of the value in a slot. Empty if they are not kept.</summary>
    public ReadOnlySpan<byte> ValueOf(int slot) => Table.PlaceOf(slot) is var place and > 0 ? _store[place] : default;

    /// <summary>Whether the value in a slot can be shown.</summary>
    public bool IsShown(int slot) => !kind.Kept || Table.PlaceOf(slot) > 0;

    /// <summary>Adds a value that has no counter.</summary>
    public void AddNew(ulong hash, long count, ReadOnlySpan<byte> value, bool known = true)
    {
        if (Table.Used >= (Exact ? bound : _capacity))
        {
            MakeRoom();
        }

        var place = known ? Keep(hash, count, value) : 0;
        Place(Table.Insert(hash, count, Error), place);
    }

    /// <summary>Adds to the counter of a value, whose bytes may be missing.</summary>
    public void AddTo(int slot, long count, long error, ReadOnlySpan<byte> value, bool known = true)
    {
        if (kind.Kept && known)
        {
            AddBytes(slot, count, value);
        }

        Table.Add(slot, count, error);
    }

    public void Merge(CountedValues other)
    {
        Merged |= other.Table.Used > 0;
        if (!other.Exact)
        {
            MergeSketch(other);
            return;
        }

        for (var slot = 0; slot < other.Table.Length; slot++)
        {
            if (!other.Table.IsFree(slot))
            {
                Take(other, slot);
            }
        }
    }

    /// <summary>Whether a merge with another loses no count, and, if asked for, no bytes of a value.</summary>
    public bool Fits(CountedValues other, bool values)
    {
        var (count, size) = (Table.Used, 0);
        for (var slot = 0; slot < other.Table.Length && Exact && other.Exact; slot++)
        {
            if (!other.Table.IsFree(slot) && Table.IsFree(Table.Find(other.Table.HashOf(slot))))
            {
                count++;
                size += ValueStore.SizeOf(other.ValueOf(slot));
            }
        }

        return Exact && other.Exact && count <= bound && (!values || (!Evicted && !other.Evicted && _store.HasRoom(size)));
    }

    /// <summary>The least error that leaves at most this many counters.</summary>
    public long ErrorFor(int counters) => ErrorChoice.Of(this, counters);

    /// <summary>Restores a value that was written.</summary>
    public void Restore(ulong hash, long count, long error, ReadOnlySpan<byte> value, bool known)
    {
        if (!Table.IsFree(Table.Find(hash)) || (known && kind.Kept && !_store.HasRoom(ValueStore.SizeOf(value))))
        {
            throw new InvalidDataException("The state of a part is damaged: it has a value twice, or too many of them.");
        }

        Place(Table.Insert(hash, count, error), known && kind.Kept ? _store.Add(value) : 0);
    }

    private void MakeRoom()
    {
        if (Exact)
        {
            Losing?.Invoke(false);
        }

        Trim(_capacity / 2);
    }

    private void Trim(int counters)
    {
        Error = ErrorFor(counters);
        Table.Remove(Error, (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, 2 * _capacity)));
        _floor = null; // The values ahead of it may be gone.
    }

    private void Take(CountedValues other, int theirs)
    {
        var (hash, count) = (other.Table.HashOf(theirs), other.Table.CountOf(theirs));
        var slot = Table.Find(hash);
        if (Table.IsFree(slot))
        {
            AddNew(hash, count, other.ValueOf(theirs), other.IsShown(theirs));
        }
        else
        {
            AddTo(slot, count, 0, other.ValueOf(theirs), other.IsShown(theirs));
        }
    }

    private void MergeSketch(CountedValues other)
    {
        if (Exact)
        {
            Losing?.Invoke(false);
        }

        var mine = Error;
        for (var slot = 0; slot < Table.Length; slot++)
        {
            if (!Table.IsFree(slot) && other.Table.IsFree(other.Table.Find(Table.HashOf(slot))))
            {
                Table.AddError(slot, other.Error);
            }
        }

        for (var theirs = 0; theirs < other.Table.Length; theirs++)
        {
            if (!other.Table.IsFree(theirs))
            {
                TakeCounter(other, theirs, mine);
            }
        }

        Error = mine + other.Error;
        if (Table.Used > _capacity)
        {
            Trim(_capacity);
        }
    }

    private void TakeCounter(CountedValues other, int theirs, long mine)
    {
        var (hash, count, error) = (other.Table.HashOf(theirs), other.Table.CountOf(theirs), other.Table.ErrorOf(theirs));
        var slot = Table.Find(hash);
        if (Table.IsFree(slot))
        {
            var place = other.IsShown(theirs) ? Keep(hash, count, other.ValueOf(theirs)) : 0;
            Place(Table.Insert(hash, count, error + mine), place);
        }
        else
        {
            AddTo(slot, count, error, other.ValueOf(theirs), other.IsShown(theirs));
        }
    }

    private void Place(int slot, int place)
    {
        if (kind.Kept)
        {
            Table.Keep(slot, place);
        }
    }

    private void AddBytes(int slot, long count, ReadOnlySpan<byte> value)
    {
        if (Table.PlaceOf(slot) is var place and > 0)
        {
            var kept = value[..Math.Min(value.Length, ValueStore.KeptBytes)];
            if (kind.Spelling is { } spelling && spelling(0, kept, 0, _store[place]) < 0)
            {
                _store.Replace(place, kept);
            }
        }
        else
        {
            Table.Keep(slot, Keep(Table.HashOf(slot), Table.CountOf(slot) + count, value));
        }
    }

    // Returns the place of the bytes. They are not kept if enough other values are ahead: counts only grow, so the value can't be shown unless it
    // occurs again, and then its bytes are here again.
    private int Keep(ulong hash, long count, ReadOnlySpan<byte> value)
    {
        if (!kind.Kept || IsBehind(hash, count, value))
        {
            return 0;
        }

        if (!_store.HasRoom(ValueStore.SizeOf(value)))
        {
            Evict();
            if (IsBehind(hash, count, value))
            {
                return 0;
            }
        }

        return _store.Add(value);
    }

    private bool IsBehind(ulong hash, long count, ReadOnlySpan<byte> value) => _floor is { } floor
        && (count < floor.Count || (count == floor.Count && kind.Order(hash, value[..Math.Min(value.Length, ValueStore.KeptBytes)], floor.Hash, floor.Value) >= 0));

    private void Evict()
    {
        var ranked = ValueRanking.Shown(this);
        var (kept, size) = (0, 0);
        while (kept < ranked.Length && (kept < ValueRanking.Most || size < bytes / 2))
        {
            size += ValueStore.SizeOf(ValueOf(ranked[kept++]));
        }

        if (kept < ranked.Length && !Evicted)
        {
            Losing?.Invoke(true);
            Evicted = true;
        }

        _floor = kept < ranked.Length ? (Table.CountOf(ranked[kept - 1]), Table.HashOf(ranked[kept - 1]), ValueOf(ranked[kept - 1]).ToArray()) : null;
        foreach (var slot in ranked.AsSpan(kept))
        {
            Table.Keep(slot, 0);
        }

        Compact(ranked[..kept]);
    }

    private void Compact(int[] slots)
    {
        var places = Array.ConvertAll(slots, Table.PlaceOf);
        Array.Sort(places, slots);
        _store.Compact(places);
        for (var i = 0; i < slots.Length; i++)
        {
            Table.Keep(slots[i], places[i]);
        }
    }
}
