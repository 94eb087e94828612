using System.Text.Json;

namespace Slowlane.Jobs.Profiling.Sources;

/// <summary>Reads text from JSON as PostgreSQL could hold it.</summary>
internal static class JsonText
{
    /// <summary>Null when the text has NUL characters or lone surrogates.</summary>
    public static string? Of(JsonElement value) => Check(static value => value.GetString()!, value);

    /// <inheritdoc cref="Of"/>
    public static string? NameOf(JsonProperty property) => Check(static property => property.Name, property);

    private static string? Check<T>(Func<T, string> read, T from)
    {
        try
        {
            var text = read(from);
            return text.Contains('\0', StringComparison.Ordinal) ? null : text;
        }
        catch (InvalidOperationException)
        {
            return null; // A lone surrogate, escaped: valid JSON, but no text.
        }
    }
}
