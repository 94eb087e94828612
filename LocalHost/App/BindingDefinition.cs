using System.Text.Json;

namespace Slowlane.LocalHost.App;

/// <summary>A binding of a function, as its worker describes it.</summary>
/// <param name="Name">The parameter's name.</param>
/// <param name="Type">The kind, such as <c>queueTrigger</c>.</param>
/// <param name="IsInput">Whether it is an input.</param>
/// <param name="Values">All that is said of it.</param>
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

    /// <summary>Whether it is what starts the function.</summary>
    public bool IsTrigger => Type.EndsWith("Trigger", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the worker makes its own SDK's type of it, from data that says where it came from.</summary>
    public bool IsDeferred => Values.TryGetProperty("properties", out var properties)
        && string.Equals(Text(properties, "supportsDeferredBinding"), "true", StringComparison.OrdinalIgnoreCase);

    public bool Is(string type) => string.Equals(Type, type, StringComparison.OrdinalIgnoreCase);

    /// <summary>A value by its name in any case; null when there is none.</summary>
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
