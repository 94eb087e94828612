using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slowlane.Http;

/// <summary>Reads a request's body as JSON, or returns the problem with it.</summary>
internal static class JsonBody
{
    /// <summary>The maximum size of a request's body: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    /// <summary>The parsed body, or the problem response.</summary>
    public static async Task<(JsonDocument? Json, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType))
        {
            return (null, Problem.NotJsonMedia(request.ContentType));
        }

        try
        {
            return request.ContentLength > MaxBytes || await BytesAsync(request, cancellationToken) is not { } bytes
                ? (null, Problem.TooLarge(MaxBytes))
                : Parse(bytes);
        }
        catch (BadHttpRequestException e)
        {
            return (null, Problem.BrokenBody(e.StatusCode, e.Message)); // The chunks are malformed, or the body came too slowly or incomplete.
        }
    }

    private static (JsonDocument? Json, IResult? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return (null, Problem.NotJson("The body is empty; send JSON."));
        }

        if (!Utf8.IsValid(bytes.Span))
        {
            return (null, Problem.NotJson("The body is not valid UTF-8; send JSON in UTF-8."));
        }

        try
        {
            return (JsonDocument.Parse(bytes, Strict), null);
        }
        catch (JsonException e)
        {
            return (null, Problem.NotJson(e.Message));
        }
        catch (InvalidOperationException)
        {
            // The parser finds it when it compares names for duplicates.
            return (null, Problem.NotJson("A field's name has a lone surrogate; send names that are valid Unicode."));
        }
    }

    private static bool IsJson(string? contentType)
        => contentType is "application/json" or "application/json; charset=utf-8" // Most callers send one of these.
            || (MediaTypeHeaderValue.TryParse(contentType, out var media)
                && (media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || media.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
                && (!media.Charset.HasValue || media.Charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The bytes of the body. Null if there are more than <see cref="MaxBytes"/>, whatever the headers say.</summary>
    private static async Task<ReadOnlyMemory<byte>?> BytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxBytes)
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
