using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Counts;

/// <summary>The distinct values of the least hashes: a random sample of them that depends neither on the order of the rows nor on partitions.</summary>
/// <remarks>Cohen, Kaplan: <i>Summarizing data using bottom-k sketches</i> (PODC 2007).</remarks>
/// <param name="size">The number of values.</param>
internal sealed class HashSample(int size)
{
    private readonly Dictionary<ulong, byte[]> _values = [];
    private ulong _greatest = ulong.MaxValue; // A value of a greater hash is not in the sample.

    /// <summary>The kept bytes of the values.</summary>
    public IReadOnlyCollection<byte[]> Values
    {
        get
        {
            Trim();
            return _values.Values;
        }
    }

    public void Add(ValueBlock block)
    {
        for (var i = 0; i < block.Hashes.Length; i++)
        {
            if (block.Hashes[i] <= _greatest)
            {
                Add(block.Hashes[i], block[i]);
            }
        }
    }

    public void Add(ulong hash, ReadOnlySpan<byte> value)
    {
        if (hash > _greatest || _values.ContainsKey(hash))
        {
            return;
        }

        _values.Add(hash, value.ToArray());
        if (_values.Count == 2 * size)
        {
            Trim();
        }
    }

    public void Merge(HashSample other)
    {
        foreach (var (hash, value) in other._values)
        {
            Add(hash, value);
        }
    }

    /// <summary>Writes the values in the order of their hashes, so that equal samples have equal states.</summary>
    public void Write(BinaryWriter state)
    {
        Trim();
        state.Write7BitEncodedInt(_values.Count);
        foreach (var (hash, value) in _values.OrderBy(item => item.Key))
        {
            state.Write(hash);
            state.Write7BitEncodedInt(value.Length);
            state.Write(value);
        }
    }

    /// <summary>Reads a state. This sample must be new.</summary>
    public void Read(BinaryReader state)
    {
        Span<byte> buffer = stackalloc byte[ValueStore.KeptBytes];
        for (var left = state.ReadCount(size); left > 0; left--)
        {
            var hash = state.ReadUInt64();
            var value = buffer[..state.ReadCount(ValueStore.KeptBytes)];
            state.ReadExactly(value);
            Add(hash, value);
        }
    }

    private void Trim()
    {
        if (_values.Count <= size)
        {
            return;
        }

        var hashes = _values.Keys.ToArray();
        Array.Sort(hashes);
        _greatest = hashes[size - 1];
        foreach (var hash in hashes.AsSpan(size))
        {
            _values.Remove(hash);
        }
    }
}
