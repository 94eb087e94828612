namespace Slowlane.Profiling.Sketches;

/// <summary>The number of a value, by its hash and its kept bytes. NaN if it has none.</summary>
internal delegate double ValueNumber(ulong hash, ReadOnlySpan<byte> value);

/// <summary>Counts distinct values and the occurrences of each, exactly up to a bound. Then a <see cref="HyperLogLog"/> estimates, and only frequent values are counted.</summary>
/// <remarks>
/// Values are known by their hashes. Up to the bound, all depends only on the values, so their order and the partitions do not matter. Two texts with
/// the same hash count as one. At the largest bound, 65,536, the probability of such a pair is 1 in 8 · 10⁹.
/// </remarks>
internal sealed class ValueCounts
{
    private const int Block = 128;

    private readonly ulong[] _hashes = new ulong[Block]; // The hashes of a block are looked up together, because single lookups would each wait for memory.
    private readonly long[] _runs = new long[Block];
    private readonly int[] _ends;
    private readonly int _bound;
    private readonly ValueKind _kind;
    private readonly CountedValues _values;
    private byte[] _bytes = [];
    private int _next;
    private HyperLogLog? _estimate;

    /// <summary>A new instance.</summary>
    /// <param name="bound">The number of distinct values that are counted exactly.</param>
    /// <param name="bytes">The number of bytes that kept values may take.</param>
    /// <param name="kind">The kind of the values.</param>
    public ValueCounts(int bound, int bytes, ValueKind kind)
    {
        (_bound, _kind) = (bound, kind);
        _ends = kind.Kept ? new int[Block] : [];
        _values = new CountedValues(bound, bytes, kind) { Losing = Lose };
    }

    /// <summary>Called before a count is lost for the first time, and, with <c>true</c>, before the bytes of a value are.</summary>
    public Action<bool>? Losing { get; set; }

    /// <summary>Whether equal values may be written differently. Then the bytes of every value are compared with those that are kept.</summary>
    public bool Mixed { get; set; }

    /// <summary>Whether every distinct value is counted.</summary>
    public bool Exact
    {
        get
        {
            Flush();
            return _estimate is null;
        }
    }

    /// <summary>The number of distinct values.</summary>
    public long Distinct
    {
        get
        {
            Flush();
            return _estimate?.Estimate() ?? _values.Table.Used;
        }
    }

    /// <summary>The number of occurrences that a value may have at most which has no counter.</summary>
    public long Error => _values.Error;

    /// <summary>Adds a value that its hash determines, or that is not shown.</summary>
    public void Add(ulong hash)
    {
        if (!IsRun(hash))
        {
            Append(hash);
        }
    }

    /// <summary>Adds a value of which the bytes, or their beginning, are kept.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> value)
    {
        if (IsRun(hash))
        {
            return;
        }

        var kept = value.Length > ValueStore.KeptBytes ? value[..ValueStore.KeptBytes] : value;
        var start = _next == 0 ? 0 : _ends[_next - 1];
        if (start + kept.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + Math.Max(kept.Length, 64)));
        }

        kept.CopyTo(_bytes.AsSpan(start));
        _ends[_next] = start + kept.Length;
        Append(hash);
    }

    /// <summary>Counts what was added.</summary>
    public void Flush()
    {
        if (_next == 0)
        {
            return;
        }

        var hashes = _hashes.AsSpan(0, _next);
        _values.Table.Approach(hashes);
        for (var i = 0; i < hashes.Length; i++)
        {
            var (done, slot) = Mixed ? (0, _values.Table.Find(hashes[i])) : _values.Table.AddKnown(hashes[i..], _runs.AsSpan(i, hashes.Length - i));
            i += done;
            if (i < hashes.Length)
            {
                AddOther(slot, i);
            }
        }

        _estimate?.Add(hashes);
        _next = 0;
    }

    /// <summary>Merges others. The other instance can't be used any more.</summary>
    public void Merge(ValueCounts other)
    {
        Flush();
        other.Flush();
        Mixed = _kind.Spelling is not null;
        _values.Merge(other._values);
        if (_estimate is not null)
        {
            _estimate.Merge(other._estimate ?? other.Estimated());
        }
    }

    /// <summary>Whether a merge with others loses no count, and, if asked for, no bytes of a value.</summary>
    public bool Fits(ValueCounts other, bool values)
    {
        Flush();
        other.Flush();
        return _values.Fits(other._values, values);
    }

    /// <summary>The most frequent values, and whether they are exact.</summary>
    public (bool Exact, IReadOnlyList<FrequentValue> Values) Top(int most)
    {
        Flush();
        var top = ValueRanking.Top(_values, most);
        return (_estimate is null && ValueRanking.IsComplete(_values, top, most), top);
    }

    /// <summary>The numbers of all values that are counted so far, with their counts, ascending.</summary>
    public (double[] Numbers, long[] Counts) CountedNumbers(ValueNumber number) => Sketches.CountedNumbers.Of(_values, number);

    public void Write(BinaryWriter state)
    {
        Flush();
        state.Write(_estimate is not null);
        _estimate?.Write(state);
        ValueCountsState.Write(_values, _estimate is null ? _bound : Math.Max(1, _bound / 8), state);
    }

    public void Read(BinaryReader state)
    {
        if (state.ReadBoolean())
        {
            _estimate = new HyperLogLog();
            _estimate.Read(state);
        }

        Mixed = _kind.Spelling is not null;
        ValueCountsState.Read(_values, _bound, state);
    }

    private bool IsRun(ulong hash)
    {
        if (_next > 0 && _hashes[_next - 1] == hash && !Mixed)
        {
            _runs[_next - 1]++; // A fast path for sorted and constant columns.
            return true;
        }

        return false;
    }

    private void Append(ulong hash)
    {
        _hashes[_next] = hash;
        _runs[_next++] = 1;
        if (_next == Block)
        {
            Flush();
        }
    }

    private void AddOther(int slot, int i)
    {
        var value = _kind.Kept ? _bytes.AsSpan(i == 0 ? 0 : _ends[i - 1], _ends[i] - (i == 0 ? 0 : _ends[i - 1])) : default;
        if (_values.Table.IsFree(slot))
        {
            _values.AddNew(_hashes[i], _runs[i], value);
        }
        else
        {
            _values.AddTo(slot, _runs[i], 0, value);
        }
    }

    private void Lose(bool bytes)
    {
        Losing?.Invoke(bytes);
        if (!bytes)
        {
            _estimate = Estimated();
        }
    }

    private HyperLogLog Estimated()
    {
        var estimate = new HyperLogLog();
        for (var slot = 0; slot < _values.Table.Length; slot++)
        {
            if (!_values.Table.IsFree(slot))
            {
                estimate.Add([_values.Table.HashOf(slot)]);
            }
        }

        return estimate;
    }
}
