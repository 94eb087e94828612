using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slowlane.Http;

/// <summary>Reads a request's body as JSON, or returns the problem with it.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The parsed body, or the problem response.</summary>
    public static async Task<(JsonDocument? Json, IResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!IsJson(request.ContentType))
        {
            return (null, Problem.NotJsonMedia(request.ContentType));
        }

        var (bytes, problem) = await RequestBody.ReadAsync(request, cancellationToken);
        return problem is null ? Parse(bytes) : (null, problem);
    }

    private static (JsonDocument? Json, IResult? Problem) Parse(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith(ByteOrderMark))
        {
            bytes = bytes[ByteOrderMark.Length..]; // Some clients send it, and a reader may ignore it (RFC 8259, section 8.1).
        }

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
                && media.Parameters.Where(IsCharset).All(charset => charset.Value.AsSpan().Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase)));

    private static bool IsCharset(NameValueHeaderValue parameter) => parameter.Name.Equals("charset", StringComparison.OrdinalIgnoreCase);
}
