using System.Text.Json.Nodes;

namespace Slowlane.Jobs;

/// <summary>
/// The JSON Schema (draft 2020-12) of an input, recorded from the calls that check it. Those calls refuse every input that the schema refuses.
/// </summary>
/// <remarks>The schema does not contain errors that a type adds itself (<see cref="InputReader.AddError"/>). A null field counts as absent.</remarks>
internal sealed class InputSchema
{
    /// <summary>The draft of JSON Schema that schemas here are of.</summary>
    public const string Draft = "https://json-schema.org/draft/2020-12/schema";

    private readonly JsonObject _properties = [];
    private readonly JsonArray _required = [];

    /// <summary>Records a text field.</summary>
    public void AddString(string field, int maxLength, bool required) => Add(field, "string", required, Text(maxLength));

    /// <summary>Records a field of a whole number.</summary>
    public void AddInteger(string field, long min, long max, long fallback, bool required)
        => Add(field, "integer", required, new JsonObject { ["minimum"] = min, ["maximum"] = max }, required ? null : fallback);

    /// <summary>Records a number field.</summary>
    public void AddNumber(string field, double min, double max, double fallback, bool required)
        => Add(field, "number", required, new JsonObject { ["minimum"] = min, ["maximum"] = max }, required ? null : fallback);

    /// <summary>Records a field that is true or false.</summary>
    public void AddBoolean(string field, bool fallback, bool required) => Add(field, "boolean", required, [], required ? null : fallback);

    /// <summary>Records an array field.</summary>
    public void AddArray(string field, int maxItems, bool required) => Add(field, "array", required, new JsonObject { ["maxItems"] = maxItems });

    /// <summary>Records a field that is an object of any field names.</summary>
    public void AddObject(string field, int maxFields, bool required) => Add(field, "object", required, new JsonObject { ["maxProperties"] = maxFields });

    /// <summary>Records that the items of an array field are texts.</summary>
    public void SetItems(string field, int maxLength)
    {
        var items = Text(maxLength);
        items["type"] = "string";
        ((JsonObject)_properties[field]!)["items"] = items;
    }

    public JsonObject ToJson() => new()
    {
        ["$schema"] = Draft,
        ["type"] = "object",
        ["properties"] = _properties.DeepClone(),
        ["required"] = _required.DeepClone(),
        ["additionalProperties"] = false,
    };

    // A schema counts characters and the reader counts UTF-16 units. A character has at most two units, so the reader is stricter.
    private static JsonObject Text(int maxLength) => new() { ["maxLength"] = maxLength, ["pattern"] = "^[^\\u0000]*$" };

    private void Add(string field, string type, bool required, JsonObject bounds, JsonNode? fallback = null)
    {
        bounds["type"] = required ? type : new JsonArray(type, "null");
        if (fallback is not null)
        {
            bounds["default"] = fallback;
        }

        if (_properties.TryAdd(field, bounds) && required)
        {
            _required.Add(field);
        }
    }
}
