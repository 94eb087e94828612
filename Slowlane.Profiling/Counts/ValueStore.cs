using System.Buffers;
using System.Buffers.Binary;

namespace Slowlane.Profiling.Counts;

/// <summary>The bytes of values, one after the other, up to a number of bytes in all.</summary>
/// <remarks>They lie in pages. Those that a column returns serve the next one and need not wait for the garbage collector.</remarks>
internal sealed class ValueStore(int bound)
{
    /// <summary>The number of bytes of a value that are shown.</summary>
    public const int ShownBytes = 256;

    /// <summary>The number of bytes of a value that are kept: one more, which tells that it is longer than what is shown.</summary>
    public const int KeptBytes = ShownBytes + 1;

    /// <summary>The number of bytes that a value takes beside its own.</summary>
    public const int HeaderLength = sizeof(ushort);

    private const int PageBits = 16;
    private const int PageLength = 1 << PageBits;
    private const int LeastLength = 1 << 6; // Of the first page, which grows: most columns have few values.

    private byte[]?[] _pages = [[]];
    private int _page;
    private int _next; // In the last page.
    private int _used;

    /// <summary>The number of bytes that a value takes.</summary>
    public static int SizeOf(ReadOnlySpan<byte> value) => HeaderLength + Math.Min(value.Length, KeptBytes);

    /// <summary>The kept bytes of a value.</summary>
    public Span<byte> this[int place]
    {
        get
        {
            var start = _pages[(place - 1) >> PageBits].AsSpan((place - 1) & (PageLength - 1));
            return start.Slice(HeaderLength, BinaryPrimitives.ReadUInt16LittleEndian(start));
        }
    }

    public bool HasRoom(int size) => _used + size <= bound;

    /// <summary>Keeps a value, for which there must be room.</summary>
    /// <returns>Its place, from 1.</returns>
    public int Add(ReadOnlySpan<byte> value)
    {
        var size = SizeOf(value);
        if (_next + size > _pages[_page]!.Length)
        {
            Grow(size);
        }

        var place = (_page << PageBits) + _next + 1;
        var start = _pages[_page].AsSpan(_next, size);
        BinaryPrimitives.WriteUInt16LittleEndian(start, (ushort)(size - HeaderLength));
        value[..(size - HeaderLength)].CopyTo(start[HeaderLength..]);
        _next += size;
        _used += size;
        return place;
    }

    /// <summary>Replaces a value by one of the same length.</summary>
    public void Replace(int place, ReadOnlySpan<byte> value) => value[..this[place].Length].CopyTo(this[place]);

    /// <summary>Removes all values except these, and moves them together.</summary>
    /// <param name="places">Ascending. Each is replaced by the new place.</param>
    public void Compact(Span<int> places)
    {
        var end = _page;
        (_page, _next, _used) = (0, 0, 0);
        foreach (ref var place in places)
        {
            place = Add(this[place]); // Never behind its old place, so no value is overwritten that is still to move.
        }

        for (; end > _page; end--)
        {
            ArrayPool<byte>.Shared.Return(_pages[end]!);
            _pages[end] = null;
        }
    }

    private void Grow(int size)
    {
        if (_next + size <= PageLength)
        {
            var length = Math.Max(LeastLength, Math.Min(_pages[_page]!.Length * 2, Math.Min(bound, PageLength)));
            Array.Resize(ref _pages[_page], Math.Max(length, _next + size));
            return;
        }

        if (++_page == _pages.Length)
        {
            Array.Resize(ref _pages, _pages.Length * 2);
        }

        _pages[_page] ??= ArrayPool<byte>.Shared.Rent(PageLength);
        _next = 0;
    }
}
