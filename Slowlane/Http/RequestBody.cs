using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>Reads the bytes of a request's body and undoes its content codings, or returns the problem with it.</summary>
/// <remarks>
/// ASP.NET Core's request decompression would run before the functions. It reads one coding only, leaves others to the function, and takes
/// incomplete data for the whole.
/// </remarks>
internal static class RequestBody
{
    /// <summary>The maximum size of a request's body, with its codings undone: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The maximum size of a body that is still encoded. Data that can't be compressed grows when it is encoded.</summary>
    private const int MaxEncodedBytes = 2 * MaxBytes;

    /// <summary>The bytes, or the problem response.</summary>
    public static async Task<(ReadOnlyMemory<byte> Bytes, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var (codings, fault) = ContentCodings.Read(request.Headers.ContentEncoding);
        if (fault is not null)
        {
            return (default, Problem.UnknownCoding(fault));
        }

        try
        {
            var max = codings.Count == 0 ? MaxBytes : MaxEncodedBytes;
            return request.ContentLength > max || await BytesAsync(request, max, cancellationToken) is not { } bytes
                ? (default, Problem.TooLarge(max))
                : Decode(bytes, codings);
        }
        catch (BadHttpRequestException e)
        {
            return (default, Problem.BrokenBody(e.StatusCode, e.Message)); // The chunks are malformed, or the body came too slowly or incomplete.
        }
    }

    /// <summary>Undoes the codings of a body, one after the other.</summary>
    private static (ReadOnlyMemory<byte> Bytes, IResult? Problem) Decode(ReadOnlyMemory<byte> bytes, IReadOnlyList<ContentCoding> codings)
    {
        for (var i = 0; i < codings.Count; i++)
        {
            var max = i == codings.Count - 1 ? MaxBytes : MaxEncodedBytes;
            (bytes, var fault) = ContentDecoder.Decode(codings[i], bytes, max);
            if (fault is { } cause)
            {
                return (default, cause == DecodeFault.TooLarge ? Problem.TooLarge(max) : Problem.BrokenCoding(codings[i], cause));
            }
        }

        return (bytes, null);
    }

    /// <summary>The bytes of the body. Null if there are more than the maximum, whatever the headers say.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BytesAsync(HttpRequest request, int max, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > max)
            {
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                var bytes = read.Buffer.ToArray();
                request.BodyReader.AdvanceTo(read.Buffer.End);
                return bytes;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
