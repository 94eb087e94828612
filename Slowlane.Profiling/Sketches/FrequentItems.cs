using System.Runtime.InteropServices;

namespace Slowlane.Profiling.Sketches;

/// <summary>Finds the most frequent values of a stream. Exact up to a number of distinct values, then with a stated error.</summary>
/// <remarks>
/// The algorithm is Misra, Gries: <i>Finding repeated elements</i> (1982), with many decrements at once: Anderson, Bevin, Lang, Liberty, Rhodes,
/// Thaler: <i>A high-performance algorithm for identifying frequent items in data streams</i> (IMC 2017). When no counter is free, the median
/// count is subtracted from every counter, and those at zero are free again. The true count of a value is between its counter and its counter
/// plus <see cref="Error"/>.
/// </remarks>
internal sealed class FrequentItems(int capacity)
{
    /// <summary>The number of bytes of a value that are kept to be shown.</summary>
    public const int ShownBytes = 256;

    private const int MedianSample = 65;

    private Entry[] _entries = new Entry[Math.Min(16, capacity)];
    private byte[] _shown = new byte[Math.Min(16, capacity) * ShownBytes];
    private int[] _slots = new int[32]; // The index of an entry plus one. Zero is a free slot.
    private int _used;

    /// <summary>The total that was subtracted from every counter. If it is zero, every count is exact.</summary>
    public long Error { get; private set; }

    public void Add(ulong hash, ReadOnlySpan<byte> value) => Add(hash, value, value.Length > ShownBytes, 1);

    public void Add(ulong hash, ReadOnlySpan<byte> value, bool shortened, long count)
    {
        var slot = Find(hash);
        if (_slots[slot] is var index and > 0)
        {
            _entries[index - 1].Count += count;
            return;
        }

        if (_used == _entries.Length)
        {
            count = MakeRoom(count);
            if (count == 0)
            {
                return;
            }

            slot = Find(hash);
        }

        var kept = value.Length > ShownBytes ? value[..ShownBytes] : value;
        kept.CopyTo(_shown.AsSpan(_used * ShownBytes));
        _entries[_used] = new Entry { Hash = hash, Count = count, Length = (ushort)kept.Length, Shortened = shortened };
        _slots[slot] = ++_used;
    }

    public void Merge(FrequentItems other)
    {
        for (var i = 0; i < other._used; i++)
        {
            ref var entry = ref other._entries[i];
            Add(entry.Hash, other.Shown(i), entry.Shortened, entry.Count);
        }

        Error += other.Error;
    }

    /// <summary>The largest counters first. Equal counters are sorted by value, so that the order is deterministic.</summary>
    public IEnumerable<(byte[] Value, bool Shortened, long Count)> Top(int most)
        => Enumerable.Range(0, _used)
            .Select(i => (Value: Shown(i).ToArray(), _entries[i].Shortened, _entries[i].Count))
            .OrderByDescending(item => item.Count)
            .ThenBy(item => item.Value, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b)))
            .ThenBy(item => item.Shortened)
            .Take(most);

    public void Write(BinaryWriter state)
    {
        state.Write7BitEncodedInt64(Error);
        state.Write7BitEncodedInt(_used);
        for (var i = 0; i < _used; i++)
        {
            state.Write(_entries[i].Hash);
            state.Write7BitEncodedInt64(_entries[i].Count);
            state.Write(_entries[i].Shortened);
            state.Write7BitEncodedInt(_entries[i].Length);
            state.Write(Shown(i));
        }
    }

    public void Read(BinaryReader state)
    {
        Error = state.ReadCount();
        Span<byte> shown = stackalloc byte[ShownBytes];
        for (var left = state.ReadCount(capacity); left > 0; left--)
        {
            var (hash, count, shortened) = (state.ReadUInt64(), state.ReadCount(), state.ReadBoolean());
            var value = shown[..state.ReadCount(ShownBytes)];
            state.ReadExactly(value);
            Add(hash, value, shortened, count);
        }
    }

    private ReadOnlySpan<byte> Shown(int i) => _shown.AsSpan(i * ShownBytes, _entries[i].Length);

    private int Find(ulong hash)
    {
        var mask = _slots.Length - 1;
        var slot = (int)hash & mask;
        while (_slots[slot] is var index and > 0 && _entries[index - 1].Hash != hash)
        {
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    // Returns the rest of the new value's count.
    private long MakeRoom(long count)
    {
        if (_entries.Length < capacity)
        {
            var length = Math.Min(capacity, _entries.Length * 2);
            Array.Resize(ref _entries, length);
            Array.Resize(ref _shown, length * ShownBytes);
            _slots = new int[_slots.Length * 2];
            Reindex();
            return count;
        }

        var median = Median();
        Error += median;
        TakeOff(median);
        Array.Clear(_slots);
        Reindex();
        return Math.Max(0, count - median);
    }

    private long Median()
    {
        Span<long> sample = stackalloc long[MedianSample];
        var size = Math.Min(MedianSample, _used);
        for (var i = 0; i < size; i++)
        {
            sample[i] = _entries[(int)((long)i * _used / size)].Count;
        }

        sample[..size].Sort();
        return sample[size / 2];
    }

    private void TakeOff(long median)
    {
        var kept = 0;
        for (var i = 0; i < _used; i++)
        {
            if (_entries[i].Count > median)
            {
                _entries[kept] = _entries[i] with { Count = _entries[i].Count - median };
                Shown(i).CopyTo(_shown.AsSpan(kept * ShownBytes));
                kept++;
            }
        }

        _used = kept;
    }

    private void Reindex()
    {
        for (var i = 0; i < _used; i++)
        {
            _slots[Find(_entries[i].Hash)] = i + 1;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private record struct Entry(ulong Hash, long Count, ushort Length, bool Shortened);
}
