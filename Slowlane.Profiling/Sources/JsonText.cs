using System.Text.Json;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads only texts from JSON that PostgreSQL can store.</summary>
internal static class JsonText
{
    /// <summary>The text. Null if it has NUL characters or lone surrogates.</summary>
    public static string? Of(JsonElement value) => WithoutNul(JsonValue.TextOf(value));

    /// <inheritdoc cref="Of"/>
    public static string? NameOf(JsonProperty property) => WithoutNul(JsonValue.NameOf(property));

    private static string? WithoutNul(string? text) => text?.Contains('\0', StringComparison.Ordinal) == false ? text : null;
}
