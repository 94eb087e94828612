using System.Buffers;

namespace Slowlane.Profiling.Sources;

/// <summary>A piece of a table's binary COPY stream, cut anywhere; the parser on the lane carries halves over.</summary>
internal sealed class ProfileChunk
{
    /// <summary>The size of a full piece, in bytes.</summary>
    public const int Size = 1 << 20;

    private byte[]? _buffer;
    private readonly int _length;

    internal ProfileChunk(ProfileSource source, byte[] buffer, int length)
    {
        Source = source;
        _buffer = buffer;
        _length = length;
    }

    /// <summary>What the bytes are of; the same in every chunk.</summary>
    public ProfileSource Source { get; }

    /// <summary>Only on the last chunk: the server's clock when reading ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The bytes, until <see cref="Release"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Gives the buffer back to the pool. A chunk nobody releases is collected as usual.</summary>
    public void Release()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { Length: > 0 } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
