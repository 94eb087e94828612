using System.Buffers.Binary;

namespace Slowlane.Profiling.Sketches;

/// <summary>Keeps the bytes of values, up to a number of bytes in all.</summary>
internal sealed class ValueStore(int bound)
{
    /// <summary>The number of bytes of a value that are shown.</summary>
    public const int ShownBytes = 256;

    /// <summary>The number of bytes of a value that are kept: one more, which tells that it is longer than what is shown.</summary>
    public const int KeptBytes = ShownBytes + 1;

    private const int HeaderLength = sizeof(ushort);

    private byte[] _bytes = [];
    private int _used;

    /// <summary>The number of bytes that a value takes.</summary>
    public static int SizeOf(ReadOnlySpan<byte> value) => HeaderLength + Math.Min(value.Length, KeptBytes);

    /// <summary>The kept bytes of a value.</summary>
    public ReadOnlySpan<byte> this[int place] => _bytes.AsSpan(place + HeaderLength - 1, BinaryPrimitives.ReadUInt16LittleEndian(_bytes.AsSpan(place - 1)));

    public bool HasRoom(int size) => _used + size <= bound;

    /// <summary>Keeps a value, for which there must be room.</summary>
    /// <returns>Its place, from 1.</returns>
    public int Add(ReadOnlySpan<byte> value)
    {
        var size = SizeOf(value);
        if (_used + size > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(bound, Math.Max(_used + size, Math.Max(64, _bytes.Length * 2))));
        }

        var place = _used + 1;
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.AsSpan(_used), (ushort)(size - HeaderLength));
        value[..(size - HeaderLength)].CopyTo(_bytes.AsSpan(_used + HeaderLength));
        _used += size;
        return place;
    }

    /// <summary>Replaces a value by one of the same length.</summary>
    public void Replace(int place, ReadOnlySpan<byte> value) => value[..this[place].Length].CopyTo(_bytes.AsSpan(place + HeaderLength - 1));

    /// <summary>Removes all values except these, and moves them together.</summary>
    /// <param name="places">Ascending. Each is replaced by the new place.</param>
    public void Compact(Span<int> places)
    {
        _used = 0;
        foreach (ref var place in places)
        {
            var size = HeaderLength + this[place].Length;
            _bytes.AsSpan(place - 1, size).CopyTo(_bytes.AsSpan(_used));
            place = _used + 1;
            _used += size;
        }
    }
}
