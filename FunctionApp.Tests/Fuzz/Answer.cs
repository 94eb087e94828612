using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Slowlane.Tests.Fuzz;

/// <summary>What came back: everything, as it came.</summary>
internal sealed record Answer(int Status, string Head, string Body)
{
    /// <summary>Sends a request over a connection of its own. Null when there was no answer, and none was due.</summary>
    public static async Task<Answer?> ToAsync(FuzzRequest request, Uri address, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, address.Port, cancellationToken);
        await using var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(request.Head, cancellationToken);
            await stream.WriteAsync(request.Ending is Ending.HalfSent ? request.Body.AsMemory(0, request.Body.Length / 2) : request.Body, cancellationToken);
            if (request.Ending is Ending.HungUp)
            {
                return null;
            }

            if (request.Ending is Ending.HalfSent)
            {
                client.Client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (IOException)
        {
            // Refused before its end; the answer may be there all the same.
        }

        return await ReadAsync(stream, cancellationToken) is { Length: > 0 } text ? Parse(text)
            : request.Ending is Ending.HalfSent ? null
            : new Answer(0, "", "");
    }

    private static async Task<string> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        try
        {
            await stream.CopyToAsync(bytes, cancellationToken);
        }
        catch (IOException)
        {
            // Reset after the answer: what was refused was not read to its end.
        }

        return Encoding.Latin1.GetString(bytes.ToArray()); // A char a byte: chunks count bytes.
    }

    private static Answer Parse(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = text[..end];
        var body = text[(end + 4)..];
        return new Answer(int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture), head, head.Contains("Transfer-Encoding: chunked", StringComparison.Ordinal) ? Dechunk(body) : body);
    }

    private static string Dechunk(string text)
    {
        var body = new StringBuilder();
        for (var at = 0; text.IndexOf("\r\n", at, StringComparison.Ordinal) is var end and >= 0;)
        {
            var length = int.Parse(text.AsSpan(at, end - at), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                break;
            }

            body.Append(text, end + 2, length);
            at = end + 2 + length + 2;
        }

        return body.ToString();
    }
}
