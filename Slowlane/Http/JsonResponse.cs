using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>Writes documents with their length, so that a response to <c>HEAD</c> has the headers of the one to <c>GET</c>.</summary>
internal static class JsonResponse
{
    public static IResult Of<T>(
        T document, JsonTypeInfo<T> type, int statusCode = StatusCodes.Status200OK, string contentType = "application/json; charset=utf-8")
        => Results.Text(JsonSerializer.SerializeToUtf8Bytes(document, type), contentType, statusCode);
}
