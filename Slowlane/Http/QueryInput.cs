using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Slowlane.Http;

/// <summary>Reads a job's input from a query string. Pure.</summary>
internal static class QueryInput
{
    /// <summary>Parameters that concern the call. All others are the job's input. Parameter names are case-insensitive.</summary>
    private static readonly FrozenSet<string> OfTheCall = FrozenSet.Create(StringComparer.OrdinalIgnoreCase, "wait", "code");

    /// <summary>The query as the input of a job. A value that is not of its field's type stays a text, and the type's check refuses it.</summary>
    /// <param name="query">The query.</param>
    /// <param name="schema">The JSON Schema of the type's input.</param>
    public static string Of(IQueryCollection query, JsonObject schema)
    {
        var fields = schema["properties"]!.AsObject();
        var input = new JsonObject();
        foreach (var (name, values) in query.Where(pair => !OfTheCall.Contains(pair.Key)).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            input[name] = Value(TypeOf(fields[name]), values);
        }

        return input.ToJsonString();
    }

    private static JsonNode? Value(string type, StringValues values) => type switch
    {
        "array" => new JsonArray([.. values.Select(value => JsonValue.Create(value))]),
        "integer" when long.TryParse(values.ToString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        "number" when double.TryParse(values.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) => number,
        "boolean" when bool.TryParse(values.ToString(), out var boolean) => boolean,
        "object" => ObjectOf(values.ToString()),
        _ => values.ToString(),
    };

    // Where a field is optional, its schema has a second type, null.
    private static string TypeOf(JsonNode? field) => field?["type"] switch
    {
        JsonArray types => types[0]!.GetValue<string>(),
        { } type => type.GetValue<string>(),
        null => "",
    };

    private static JsonNode ObjectOf(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject ?? (JsonNode)text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
