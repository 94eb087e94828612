using System.Text.Json;

namespace Slowlane.LocalHost.App;

/// <summary>A binding of a function, as the worker describes it.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The kind, such as <c>queueTrigger</c>.</param>
/// <param name="IsInput">Whether it is an input.</param>
/// <param name="Values">All properties of the binding.</param>
internal sealed record BindingDefinition(string Name, string Type, bool IsInput, JsonElement Values)
{
    /// <summary>Reads a raw binding.</summary>
    public static BindingDefinition Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var values = document.RootElement.Clone();
        return new BindingDefinition(
            Text(values, "name") ?? "",
            Text(values, "type") ?? "",
            !string.Equals(Text(values, "direction"), "out", StringComparison.OrdinalIgnoreCase),
            values);
    }

    /// <summary>Whether the binding starts the function.</summary>
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the worker creates an SDK type for it, from data that names the source instead of the content.</summary>
    public bool IsDeferred => Values.TryGetProperty("properties", out var properties)
        && string.Equals(Text(properties, "supportsDeferredBinding"), "true", StringComparison.OrdinalIgnoreCase);

    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A property by its case-insensitive name. Null if there is none.</summary>
    public string? this[string name] => Text(Values, name);

    private static string? Text(JsonElement values, string name)
    {
        if (values.ValueKind is not JsonValueKind.Object)
        {
            return null;
        }

        var found = values.EnumerateObject().FirstOrDefault(value => string.Equals(value.Name, name, StringComparison.OrdinalIgnoreCase)).Value;
        return found.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => null,
            JsonValueKind.String => found.GetString(),
            _ => found.GetRawText(),
        };
    }
}
