using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Slowlane.Http;

/// <summary>Why a coding can't be undone.</summary>
internal enum DecodeFault
{
    /// <summary>The data is not in the coding's format, or is incomplete.</summary>
    Damaged,

    /// <summary>Other bytes follow the end of the data.</summary>
    Trailing,

    /// <summary>More comes out than the bound allows.</summary>
    TooLarge,
}

/// <summary>
/// Undoes one content coding. It stops at the bound, so that a small body that expands to a huge one costs no more than a large one. Pure.
/// </summary>
/// <remarks>
/// The platform's streams take the end of incomplete data for the end of the content, and ignore what follows it. Half a body must not be
/// accepted as a whole one, so each format is checked here for its end.
/// </remarks>
internal static class ContentDecoder
{
    private const int PieceBytes = 16 * 1024;

    private static readonly byte[] Marker = RandomNumberGenerator.GetBytes(16);
    private static readonly byte[] MarkerMember = Compressed(Marker);

    /// <summary>The content, or why there is none.</summary>
    /// <param name="coding">The coding.</param>
    /// <param name="data">The encoded data.</param>
    /// <param name="max">The maximum number of bytes of the content.</param>
    public static (ReadOnlyMemory<byte> Content, DecodeFault? Fault) Decode(ContentCoding coding, ReadOnlyMemory<byte> data, int max) => coding switch
    {
        _ when data.IsEmpty => (data, null), // An encoder that was given nothing may write nothing.
        ContentCoding.Gzip => Gzip(data, max),
        ContentCoding.Deflate => Zlib(data, max),
        _ => Brotli(data.Span, max),
    };

    // Gzip data is a series of members, whose contents are one. A member of known content at its end comes out only if all before it is whole.
    private static (ReadOnlyMemory<byte> Content, DecodeFault? Fault) Gzip(ReadOnlyMemory<byte> data, int max)
    {
        using var source = new SegmentStream(data, MarkerMember);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var (content, fault) = Inflate(gzip, max + Marker.Length);
        if (fault is not null)
        {
            return (default, fault);
        }

        return content.Span.EndsWith(Marker) && source.IsInLast
            ? (content[..^Marker.Length], null)
            : (default, source.IsInLast ? DecodeFault.Damaged : DecodeFault.Trailing);
    }

    // Zlib data says where it ends. It is whole if its last byte, which is handed out alone, is read, and nothing behind it is asked for.
    private static (ReadOnlyMemory<byte> Content, DecodeFault? Fault) Zlib(ReadOnlyMemory<byte> data, int max)
    {
        using var source = new SegmentStream(data[..^1], data[^1..]);
        using var zlib = new ZLibStream(source, CompressionMode.Decompress);
        var (content, fault) = Inflate(zlib, max);
        return fault is not null ? (default, fault)
            : !source.IsInLast ? (default, DecodeFault.Trailing)
            : source.IsOver ? (default, DecodeFault.Damaged)
            : (content, null);
    }

    private static (ReadOnlyMemory<byte> Content, DecodeFault? Fault) Brotli(ReadOnlySpan<byte> data, int max)
    {
        var content = new ArrayBufferWriter<byte>(PieceBytes);
        using var brotli = default(BrotliDecoder);
        while (true)
        {
            var status = brotli.Decompress(data, content.GetSpan(PieceBytes), out var consumed, out var written);
            data = data[consumed..];
            content.Advance(written);
            if (content.WrittenCount > max)
            {
                return (default, DecodeFault.TooLarge);
            }

            switch (status)
            {
                case OperationStatus.DestinationTooSmall:
                    break;
                case OperationStatus.Done:
                    return data.IsEmpty ? (content.WrittenMemory, null) : (default, DecodeFault.Trailing);
                default:
                    return (default, DecodeFault.Damaged);
            }
        }
    }

    private static (ReadOnlyMemory<byte> Content, DecodeFault? Fault) Inflate(Stream stream, int max)
    {
        var content = new ArrayBufferWriter<byte>(PieceBytes);
        try
        {
            while (stream.Read(content.GetSpan(PieceBytes)) is > 0 and var read)
            {
                content.Advance(read);
                if (content.WrittenCount > max)
                {
                    return (default, DecodeFault.TooLarge);
                }
            }

            return (content.WrittenMemory, null);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return (default, DecodeFault.Damaged); // An IOException is the decoder's own: the source is in memory.
        }
    }

    private static byte[] Compressed(byte[] content)
    {
        using var member = new MemoryStream();
        using (var gzip = new GZipStream(member, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return member.ToArray();
    }
}
