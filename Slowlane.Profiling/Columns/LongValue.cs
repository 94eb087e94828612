using Slowlane.Profiling.Sketches;

namespace Slowlane.Profiling.Columns;

/// <summary>A value that is too long to hold in memory. It is read in pieces: up to 1 GB in a few KB of memory.</summary>
internal sealed class LongValue(long length)
{
    /// <summary>A longer value arrives in pieces. The threshold exceeds the longest numeric (74 KB), so this affects only texts and bytes.</summary>
    public const int Threshold = 128 * 1024;

    private const int Block = 4096;

    private const int EndBytes = 4; // The longest character.

    private readonly byte[] _block = new byte[Block];
    private readonly byte[] _end = new byte[EndBytes];
    private readonly byte[] _beginning = new byte[ValueEnds.ComparedBytes];
    private int _used;
    private int _kept;

    public long Length { get; } = length;

    public long Missing { get; private set; } = length;

    public long Characters { get; private set; }

    /// <summary>The hash, once no piece is missing. It depends on the bytes alone, not on the sizes of the pieces.</summary>
    public ulong Hash { get; private set; }

    public ReadOnlySpan<byte> Beginning => _beginning.AsSpan(0, _kept);

    /// <summary>The last bytes, once no piece is missing.</summary>
    public ReadOnlySpan<byte> End => _end;

    public void Append(ReadOnlySpan<byte> piece)
    {
        Missing -= piece.Length;
        Characters += Utf8.CountCharacters(piece);
        var kept = piece[..Math.Min(piece.Length, _beginning.Length - _kept)];
        kept.CopyTo(_beginning.AsSpan(_kept));
        _kept += kept.Length;
        KeepEnd(piece);

        while (!piece.IsEmpty)
        {
            var part = piece[..Math.Min(piece.Length, Block - _used)];
            part.CopyTo(_block.AsSpan(_used));
            _used += part.Length;
            piece = piece[part.Length..];
            if (_used == Block || (Missing == 0 && piece.IsEmpty))
            {
                Hash = Hash64.Of(_block.AsSpan(0, _used), Hash);
                _used = 0;
            }
        }
    }

    private void KeepEnd(ReadOnlySpan<byte> piece)
    {
        var last = piece[Math.Max(0, piece.Length - EndBytes)..];
        _end.AsSpan(last.Length).CopyTo(_end);
        last.CopyTo(_end.AsSpan(EndBytes - last.Length));
    }
}
