using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Slowlane.Jobs;

/// <summary>The JSON Schema (draft 2020-12) of a result, made of the metadata by which results are written.</summary>
internal static class ResultSchema
{
    /// <summary>The schema. <c>true</c> for a type that says nothing of its JSON.</summary>
    public static JsonNode Of(JsonTypeInfo type)
    {
        var leavesNullsOut = type.Options.DefaultIgnoreCondition is JsonIgnoreCondition.WhenWritingNull or JsonIgnoreCondition.WhenWritingDefault;
        var schema = type.GetJsonSchemaAsNode(new JsonSchemaExporterOptions
        {
            TransformSchemaNode = (_, node) => leavesNullsOut ? WithoutRequiredNulls(node) : node,
        });
        if (schema is JsonObject members)
        {
            members.Insert(0, "$schema", InputSchema.Draft);
        }

        return schema;
    }

    // The exporter describes what can be read, so it requires each parameter of a constructor. A null one is not written.
    private static JsonNode WithoutRequiredNulls(JsonNode node)
    {
        if (node is JsonObject schema && schema["required"] is JsonArray required)
        {
            schema["required"] = new JsonArray([.. required.Where(name => !TakesNull(schema["properties"]?[name!.GetValue<string>()])).Select(name => name!.DeepClone())]);
        }

        return node;
    }

    private static bool TakesNull(JsonNode? property)
        => property is JsonObject && property["type"] is JsonArray types && types.Any(type => type?.GetValue<string>() is "null");
}
