using System.Globalization;
using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>Reads text that PostgreSQL can hold.</summary>
internal static class InputText
{
    /// <summary>The text of a JSON string. Null if it can't be used, with an error of the field.</summary>
    /// <param name="field">The field's name.</param>
    /// <param name="value">A JSON string.</param>
    /// <param name="maxLength">The maximum length in UTF-16 units.</param>
    /// <param name="errors">Receives the error.</param>
    public static string? Read(string field, JsonElement value, int maxLength, InputErrors errors)
    {
        if (JsonValue.TextOf(value) is not { } text)
        {
            errors.Add(field, $"'{field}' is not valid Unicode; send text without lone surrogates.");
            return null;
        }

        if (text.Length > maxLength)
        {
            errors.Add(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' has {text.Length} characters; the most is {maxLength}."));
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(field, $"'{field}' has a NUL character; PostgreSQL can't hold one, send text without it.");
            return null;
        }

        return text;
    }
}
