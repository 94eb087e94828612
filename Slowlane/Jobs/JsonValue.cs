using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>What an answer says of a posted value.</summary>
public static class JsonValue
{
    private const int Quoted = 40;

    /// <summary>A value's kind, with its article.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    /// <summary>A caller's text is quoted back in part only.</summary>
    public static string Shorten(string text) => text.Length <= Quoted ? text : text[..(Quoted - 3)] + "...";

    /// <summary>Null when it has a lone surrogate: valid JSON when escaped, but no text.</summary>
    public static string? TextOf(JsonElement value) => Read(static value => value.GetString(), value);

    /// <inheritdoc cref="TextOf"/>
    public static string? NameOf(JsonProperty property) => Read(static property => property.Name, property);

    private static string? Read<T>(Func<T, string?> read, T from)
    {
        try
        {
            return read(from);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
