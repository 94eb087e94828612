using System.IO.Compression;
using System.Text;

namespace Slowlane.Tests.Fixtures;

/// <summary>Content as a client encodes it.</summary>
internal static class Encoded
{
    /// <summary>The text under the codings, in the order in which a <c>Content-Encoding</c> lists them.</summary>
    public static byte[] As(string codings, string text) => As(codings, Encoding.UTF8.GetBytes(text));

    /// <summary>The content under the codings, in the order in which a <c>Content-Encoding</c> lists them.</summary>
    public static byte[] As(string codings, byte[] content)
        => codings.Split(',', StringSplitOptions.TrimEntries).Aggregate(content, (data, coding) => Under(coding, CompressionLevel.Optimal, stream => stream.Write(data)));

    /// <summary>Many zeros: small while they are encoded.</summary>
    public static byte[] Zeros(string coding, int mebibytes) => Under(coding, CompressionLevel.Fastest, stream =>
    {
        var piece = new byte[1 << 20];
        for (var i = 0; i < mebibytes; i++)
        {
            stream.Write(piece);
        }
    });

    private static byte[] Under(string coding, CompressionLevel level, Action<Stream> write)
    {
        using var data = new MemoryStream();
        using (Stream encoder = coding switch
        {
            "gzip" or "x-gzip" => new GZipStream(data, level),
            "deflate" => new ZLibStream(data, level),
            "br" => new BrotliStream(data, level),
            "bare deflate" => new DeflateStream(data, level),
            _ => throw new ArgumentOutOfRangeException(nameof(coding), coding, "No encoder has this name."),
        })
        {
            write(encoder);
        }

        return data.ToArray();
    }
}
