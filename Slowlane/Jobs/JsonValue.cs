using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>Describes posted values in error messages.</summary>
public static class JsonValue
{
    private const int MaxQuoted = 40;

    /// <summary>The kind of a value, with its article.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "a boolean",
        _ => "null",
    };

    /// <summary>Shortens a caller's text, so that a response quotes at most its beginning.</summary>
    public static string Shorten(string text) => Shorten(text, MaxQuoted);

    /// <summary>Shortens a text to a number of characters.</summary>
    internal static string Shorten(string text, int most) => text.Length <= most ? text : text[..(most - 3)] + "...";

    /// <summary>The text of a string. Null if it has a lone surrogate, which is valid JSON when escaped but not valid Unicode.</summary>
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
