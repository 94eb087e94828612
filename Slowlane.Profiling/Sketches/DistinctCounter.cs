namespace Slowlane.Profiling.Sketches;

/// <summary>Counts distinct hashes: keeps every hash up to a bound, then uses a <see cref="HyperLogLog"/>.</summary>
/// <remarks>
/// Both methods depend only on the set of hashes, so the order of the values and the partitions do not matter. Two texts with the same hash
/// count once. At the largest bound, 65,536, the probability of such a pair is 1 in 8 · 10⁹.
/// </remarks>
internal sealed class DistinctCounter(int bound)
{
    private readonly ulong[] _block = new ulong[128]; // The hashes of a block are looked up together, because single lookups would each wait for memory.
    private int _next;
    private ulong _last;
    private HashTable _kept = new(bound);
    private HyperLogLog? _estimate;

    public bool Exact
    {
        get
        {
            Flush();
            return _estimate is null;
        }
    }

    public long Count
    {
        get
        {
            Flush();
            return _estimate?.Estimate() ?? _kept.Count;
        }
    }

    public void Add(ulong hash)
    {
        if (hash == _last && hash != 0)
        {
            return; // A fast path for sorted and constant columns.
        }

        _last = hash;
        _block[_next++] = hash;
        if (_next == _block.Length)
        {
            Flush();
        }
    }

    public void Merge(DistinctCounter other)
    {
        Flush();
        other.Flush();
        if (other._estimate is { } theirs)
        {
            (_estimate ?? Overflow()).Merge(theirs);
        }
        else
        {
            Take(other._kept.ToArray());
        }
    }

    /// <summary>Writes the hashes sorted, so that equal sets have equal states.</summary>
    public void Write(BinaryWriter state)
    {
        state.Write(Exact);
        if (_estimate is { } estimate)
        {
            estimate.Write(state);
            return;
        }

        var hashes = _kept.ToArray();
        Array.Sort(hashes);
        var zeros = hashes is [0, ..] ? 1 : 0;
        state.Write(zeros > 0);
        state.Write7BitEncodedInt(hashes.Length - zeros);
        foreach (var hash in hashes.AsSpan(zeros))
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

        if (state.ReadBoolean())
        {
            Take([0]);
        }

        for (var left = state.ReadCount(bound); left > 0; left--)
        {
            Take([state.ReadUInt64()]);
        }
    }

    private void Flush()
    {
        var block = _block.AsSpan(0, _next);
        _next = 0;
        Take(block);
    }

    private void Take(ReadOnlySpan<ulong> hashes)
    {
        var kept = _estimate is null ? _kept.Add(hashes) : 0;
        if (kept < hashes.Length)
        {
            (_estimate ?? Overflow()).Add(hashes[kept..]);
        }
    }

    private HyperLogLog Overflow()
    {
        _estimate = new HyperLogLog();
        _estimate.Add(_kept.ToArray());
        _kept = new HashTable(bound);
        return _estimate;
    }
}
