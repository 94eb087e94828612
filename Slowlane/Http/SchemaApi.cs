using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Slowlane.Jobs;

namespace Slowlane.Http;

/// <summary>The HTTP contract of a job type's JSON Schemas: that of its input and that of its result.</summary>
internal sealed class SchemaApi(JobRegistry types)
{
    // A type's schemas do not change while the app runs.
    private readonly ConcurrentDictionary<string, SchemaDocument> _documents = new(StringComparer.Ordinal);

    /// <summary>The schemas of a type, or 304 if the caller already has them.</summary>
    public IResult Get(HttpRequest request, string type)
    {
        if (types.Find(type) is not { } found)
        {
            return Problem.UnknownType(type, types.Names);
        }

        var document = _documents.GetOrAdd(found.Name, static (_, one) => SchemaDocument.Of(one), found);
        return EntityTag.Matches(request, document.Tag)
            ? Results.StatusCode(StatusCodes.Status304NotModified)
            : Results.Text(document.Bytes.Span, "application/json; charset=utf-8");
    }

    private sealed record SchemaDocument(ReadOnlyMemory<byte> Bytes, string Tag)
    {
        public static SchemaDocument Of(JobDefinition type)
        {
            var schemas = new JsonObject { ["type"] = type.Name, ["input"] = type.InputSchema().DeepClone(), ["result"] = type.ResultSchema() };
            var bytes = System.Text.Encoding.UTF8.GetBytes(schemas.ToJsonString());
            return new SchemaDocument(bytes, EntityTag.Of(bytes));
        }
    }
}
