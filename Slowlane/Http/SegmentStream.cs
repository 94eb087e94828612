namespace Slowlane.Http;

/// <summary>Two pieces of memory as one stream. A read never crosses from one piece to the other, so it is known how far a reader came.</summary>
internal sealed class SegmentStream(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> last) : Stream
{
    private ReadOnlyMemory<byte> _first = first;
    private ReadOnlyMemory<byte> _last = last;

    /// <summary>Whether the reader has read of the last piece.</summary>
    public bool IsInLast { get; private set; }

    /// <summary>Whether the reader has asked for more than there is.</summary>
    public bool IsOver { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (!_first.IsEmpty)
        {
            return Take(ref _first, buffer);
        }

        IsOver = _last.IsEmpty;
        IsInLast = true;
        return Take(ref _last, buffer);
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static int Take(ref ReadOnlyMemory<byte> piece, Span<byte> buffer)
    {
        var count = Math.Min(piece.Length, buffer.Length);
        piece.Span[..count].CopyTo(buffer);
        piece = piece[count..];
        return count;
    }
}
