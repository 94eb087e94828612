using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Slowlane.Bench.Compare.Load;

/// <summary>Tells when an HTTP/1.1 response is whole: by its length, or by its last chunk.</summary>
internal sealed class ResponseReader
{
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);

    /// <summary>The status of a response whose head is there.</summary>
    public int Status { get; private set; }

    /// <summary>Takes more of the response; true when that was its end.</summary>
    public bool Read(ReadOnlySpan<byte> more)
    {
        _bytes.Write(more);
        var bytes = _bytes.WrittenSpan;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        var head = Encoding.ASCII.GetString(bytes[..end]);
        Status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var body = bytes[(end + 4)..];
        return Header(head, "transfer-encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase)
            ? HasLastChunk(body)
            : body.Length >= (int.TryParse(Header(head, "content-length"), CultureInfo.InvariantCulture, out var length) ? length : 0);
    }

    /// <summary>Ready for the next response.</summary>
    public void Reset()
    {
        _bytes.ResetWrittenCount();
        Status = 0;
    }

    private static ReadOnlySpan<char> Header(string head, string name)
    {
        foreach (var line in head.AsSpan().EnumerateLines())
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return [];
    }

    private static bool HasLastChunk(ReadOnlySpan<byte> body)
    {
        while (true)
        {
            var line = body.IndexOf("\r\n"u8);
            if (line < 0 || !Utf8Parser.TryParse(body[..line], out int size, out _, 'x'))
            {
                return false;
            }

            var next = line + 2 + size + 2;
            if (body.Length < next)
            {
                return false;
            }

            if (size == 0)
            {
                return true;
            }

            body = body[next..];
        }
    }
}
