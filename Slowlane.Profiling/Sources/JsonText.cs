using System.Text.Json;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads text from JSON as PostgreSQL could hold it.</summary>
internal static class JsonText
{
    /// <summary>Null when the text has NUL characters or lone surrogates.</summary>
    public static string? Of(JsonElement value) => WithoutNul(JsonValue.TextOf(value));

    /// <inheritdoc cref="Of"/>
    public static string? NameOf(JsonProperty property) => WithoutNul(JsonValue.NameOf(property));

    private static string? WithoutNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == false ? text : null;
}
