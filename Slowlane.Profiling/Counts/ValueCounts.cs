using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>Counts distinct values and the occurrences of each, exactly up to a bound. Then a <see cref="HyperLogLog"/> estimates, and only frequent values are counted.</summary>
/// <remarks>
/// Values are known by their hashes. Up to the bound, all depends only on the values, so their order and the partitions do not matter. Two texts with
/// the same hash count as one. At the largest bound, 65,536, the probability of such a pair is 1 in 8 · 10⁹.
/// </remarks>
internal sealed class ValueCounts
{
    private readonly int _bound;
    private readonly ValueKind _kind;
    private readonly CountedValues _values;
    private readonly ValueBlock _block;
    private readonly DistinctCount _distinct;
    private readonly SampledValues _sample;

    /// <summary>A new instance.</summary>
    /// <param name="bound">The number of distinct values that are counted exactly.</param>
    /// <param name="bytes">The number of bytes that kept values may take.</param>
    /// <param name="kind">The kind of the values.</param>
    /// <param name="sampled">The number of values to look at when not all of them are kept. 0 if none.</param>
    public ValueCounts(int bound, int bytes, ValueKind kind, int sampled = 0)
    {
        (_bound, _kind, _block) = (bound, kind, new ValueBlock(kind.Kept));
        _values = new CountedValues(bound, bytes, kind) { Losing = Lose };
        _distinct = new DistinctCount(_values.Table);
        _sample = new SampledValues(_values, sampled);
    }

    /// <summary>Called before a count is lost for the first time, and, with <c>true</c>, before the bytes of a value are.</summary>
    public Action<bool>? Losing { get; set; }

    /// <summary>Whether equal values may be written differently. Then the bytes of every value are compared with those that are kept.</summary>
    public bool Mixed { get; set; }

    /// <summary>What is counted so far.</summary>
    public CountedValues Counted => _values;

    /// <summary>Whether every distinct value is counted.</summary>
    public bool Exact
    {
        get
        {
            Flush();
            return _distinct.Exact;
        }
    }

    /// <summary>The number of distinct values.</summary>
    public long Distinct
    {
        get
        {
            Flush();
            return _distinct.Number;
        }
    }

    /// <summary>The number of occurrences that a value may have at most which has no counter.</summary>
    public long Error => _values.Error;

    /// <summary>Adds a value that its hash determines, or that is not shown.</summary>
    public void Add(ulong hash)
    {
        if (!_block.Repeats(hash))
        {
            _block.Add(hash);
            FlushIfFull();
        }
    }

    /// <summary>Adds a value of which the bytes, or their beginning, are kept.</summary>
    public void Add(ulong hash, ReadOnlySpan<byte> value)
    {
        if (Mixed || !_block.Repeats(hash))
        {
            _block.Add(hash, value);
            FlushIfFull();
        }
    }

    /// <summary>Counts what was added.</summary>
    public void Flush()
    {
        var hashes = _block.Hashes;
        _values.Table.Approach(hashes);
        if (!Mixed && _values.HasRoom(_block))
        {
            _values.Add(_block);
            _sample.Add(_block);
        }
        else
        {
            AddEach();
        }

        _distinct.Add(hashes);
        _block.Clear();
    }

    /// <summary>Merges others. The other instance can't be used any more.</summary>
    public void Merge(ValueCounts other)
    {
        Flush();
        other.Flush();
        Mixed = _kind.Spelling is not null;
        _sample.Merge(other._sample);
        CountMerge.Add(_values, other._values);
        _distinct.Merge(other._distinct);
    }

    /// <summary>Whether a merge with others loses no count, and, if asked for, no bytes of a value.</summary>
    public bool Fits(ValueCounts other, bool values)
    {
        Flush();
        other.Flush();
        return CountMerge.Fits(_values, other._values, values);
    }

    /// <summary>How often a value occurs, and the number by which that may be too low.</summary>
    public (long Count, long Error) CountOf(ulong hash)
    {
        Flush();
        var slot = _values.Table.Find(hash);
        return _values.Table.IsFree(slot) ? (0, Error) : (_values.Table.CountOf(slot), _values.Table.ErrorOf(slot));
    }

    /// <summary>The most frequent values, and whether they are exact.</summary>
    public (bool Exact, IReadOnlyList<FrequentValue> Values) Top(int most)
    {
        Flush();
        var top = ValueRanking.Top(_values, most);
        return (_distinct.Exact && ValueRanking.IsComplete(_values, top, most), top);
    }

    /// <summary>Visits every distinct value with its count. If not all of them are kept: a sample of them, each counted once.</summary>
    /// <returns>Whether every value was visited.</returns>
    public bool Visit(ValueVisitor visit)
    {
        Flush();
        return _sample.Visit(visit);
    }

    public void Write(BinaryWriter state)
    {
        Flush();
        _distinct.Write(state);
        ValueCountsState.Write(_values, _distinct.Exact ? _bound : Math.Max(1, _bound / 8), state);
        _sample.Write(state);
    }

    public void Read(BinaryReader state)
    {
        _distinct.Read(state);
        Mixed = _kind.Spelling is not null;
        ValueCountsState.Read(_values, _bound, state);
        _sample.Read(state);
    }

    private void FlushIfFull()
    {
        if (_block.IsFull)
        {
            Flush();
        }
    }

    private void AddEach()
    {
        for (var i = 0; i < _block.Hashes.Length; i++)
        {
            _values.Add(_block.Hashes[i], _block.Runs[i], _block[i]);
            _sample.Add(_block.Hashes[i], _block[i]);
        }
    }

    private void Lose(bool bytes)
    {
        Losing?.Invoke(bytes);
        _sample.Begin();
        if (!bytes)
        {
            _distinct.Estimate();
        }
    }
}
