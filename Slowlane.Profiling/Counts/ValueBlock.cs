namespace Slowlane.Profiling.Counts;

/// <summary>A few values that wait to be counted together, because single lookups would each wait for memory.</summary>
/// <param name="kept">Whether the bytes of values are kept.</param>
internal sealed class ValueBlock(bool kept)
{
    private const int Most = 128;
    private const int LeastBytes = 64;

    private readonly ulong[] _hashes = new ulong[Most];
    private readonly long[] _runs = new long[Most];
    private readonly int[] _ends = kept ? new int[Most] : [];
    private byte[] _bytes = [];
    private int _next;

    public bool IsFull => _next == Most;

    public ReadOnlySpan<ulong> Hashes => _hashes.AsSpan(0, _next);

    /// <summary>How often each occurs: one after the other.</summary>
    public ReadOnlySpan<long> Runs => _runs.AsSpan(0, _next);

    /// <summary>The number of bytes that all of them take.</summary>
    public int Size => kept ? StartOf(_next) + (_next * ValueStore.HeaderLength) : 0;

    /// <summary>The bytes of a value, or their beginning. Empty if they are not kept.</summary>
    public ReadOnlySpan<byte> this[int i] => kept ? _bytes.AsSpan(StartOf(i), _ends[i] - StartOf(i)) : default;

    /// <summary>Adds to the run of the last value if it is this one: a fast path for sorted and constant columns.</summary>
    public bool Repeats(ulong hash)
    {
        if (_next > 0 && _hashes[_next - 1] == hash)
        {
            _runs[_next - 1]++;
            return true;
        }

        return false;
    }

    public void Add(ulong hash)
    {
        _hashes[_next] = hash;
        _runs[_next++] = 1;
    }

    public void Add(ulong hash, ReadOnlySpan<byte> value)
    {
        var beginning = value.Length > ValueStore.KeptBytes ? value[..ValueStore.KeptBytes] : value;
        var start = StartOf(_next);
        if (start + beginning.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, start + Math.Max(beginning.Length, LeastBytes)));
        }

        beginning.CopyTo(_bytes.AsSpan(start));
        _ends[_next] = start + beginning.Length;
        Add(hash);
    }

    public void Clear() => _next = 0;

    private int StartOf(int i) => i == 0 ? 0 : _ends[i - 1];
}
