using System.Buffers;

namespace Slowlane.Profiling.Sources;

/// <summary>
/// A chunk of a table's binary COPY stream, cut at any byte. The parser on the lane keeps an incomplete item until the next chunk.
/// </summary>
internal sealed class ProfileChunk
{
    /// <summary>The size of a full chunk, in bytes.</summary>
    public const int Size = 1 << 20;

    private byte[]? _buffer;
    private readonly int _length;

    internal ProfileChunk(ProfileSource source, byte[] buffer, int length)
    {
        Source = source;
        _buffer = buffer;
        _length = length;
    }

    /// <summary>The source of the bytes. It is the same in every chunk.</summary>
    public ProfileSource Source { get; }

    /// <summary>The server's time when reading ended. Set only on the last chunk.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The bytes. Valid until <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Returns the buffer to the pool. The buffer of a chunk that is not released is garbage collected.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { Length: > 0 } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
