namespace Slowlane.Jobs.Profiling.Sketches;

/// <summary>Counts distinct hashes: every one kept up to a bound, then a <see cref="HyperLogLog"/>.</summary>
/// <remarks>
/// Both ways depend on the set of hashes alone, so that order and partition don't matter. Two texts of one hash count
/// once: at the largest bound, 65,536, the odds of one such pair are 1 in 8 · 10⁹.
/// </remarks>
internal sealed class DistinctCounter(int bound)
{
    private ulong[] _slots = new ulong[16]; // Zero is a free slot; the hash zero is counted apart.
    private int _used;
    private bool _zero;
    private ulong _last;
    private HyperLogLog? _estimate;

    public bool Exact => _estimate is null;

    public long Count => _estimate?.Estimate() ?? _used + (_zero ? 1 : 0);

    public void Add(ulong hash)
    {
        if (hash == _last && hash != 0)
        {
            return; // Sorted and constant columns come this way.
        }

        _last = hash;
        if (_estimate is { } estimate)
        {
            estimate.Add(hash);
        }
        else
        {
            AddExact(hash);
        }
    }

    public void Merge(DistinctCounter other)
    {
        if (other._estimate is { } theirs)
        {
            (_estimate ?? Overflow()).Merge(theirs);
            return;
        }

        foreach (var hash in other._slots)
        {
            if (hash != 0)
            {
                Add(hash);
            }
        }

        if (other._zero)
        {
            Add(0);
        }
    }

    /// <summary>Sorted, so that equal sets have equal states.</summary>
    public void Write(BinaryWriter state)
    {
        state.Write(Exact);
        if (_estimate is { } estimate)
        {
            estimate.Write(state);
            return;
        }

        ulong[] hashes = [.. _slots.Where(hash => hash != 0).Order()];
        state.Write(_zero);
        state.Write7BitEncodedInt(hashes.Length);
        foreach (var hash in hashes)
        {
            state.Write(hash);
        }
    }

    public void Read(BinaryReader state)
    {
        if (!state.ReadBoolean())
        {
            Overflow().Read(state);
            return;
        }

        _zero = state.ReadBoolean();
        for (var left = state.ReadCount(bound); left > 0; left--)
        {
            AddExact(state.ReadUInt64());
        }
    }

    private void AddExact(ulong hash)
    {
        if (hash == 0)
        {
            _zero = true;
            OverflowBeyondBound();
            return;
        }

        var mask = (ulong)_slots.Length - 1;
        var slot = hash & mask;
        while (_slots[slot] != 0)
        {
            if (_slots[slot] == hash)
            {
                return;
            }

            slot = (slot + 1) & mask;
        }

        _slots[slot] = hash;
        if (++_used * 2 > _slots.Length)
        {
            Grow();
        }

        OverflowBeyondBound();
    }

    private void OverflowBeyondBound()
    {
        if (_used + (_zero ? 1 : 0) > bound)
        {
            Overflow();
        }
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new ulong[before.Length * 2];
        var mask = (ulong)_slots.Length - 1;
        foreach (var hash in before)
        {
            if (hash != 0)
            {
                var slot = hash & mask;
                while (_slots[slot] != 0)
                {
                    slot = (slot + 1) & mask;
                }

                _slots[slot] = hash;
            }
        }
    }

    private HyperLogLog Overflow()
    {
        _estimate = new HyperLogLog();
        foreach (var hash in _slots)
        {
            if (hash != 0)
            {
                _estimate.Add(hash);
            }
        }

        if (_zero)
        {
            _estimate.Add(0);
        }

        _slots = [];
        return _estimate;
    }
}
