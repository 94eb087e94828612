using System.Globalization;
using System.Text.Json;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads <c>where</c>: columns, and for each a value, null, or an array of them.</summary>
internal static class WhereInput
{
    /// <summary>The maximum number of columns.</summary>
    public const int MaxColumns = 16;

    /// <summary>The maximum number of values of a column.</summary>
    public const int MaxValues = 100;

    /// <summary>The maximum length of a value, in UTF-16 units.</summary>
    public const int MaxLength = 1000;

    /// <summary>The columns in the order of the input. Empty if there is no <c>where</c>.</summary>
    public static IReadOnlyList<WhereColumn> Read(InputReader reader)
    {
        if (reader.GetObject("where", MaxColumns) is not { } given)
        {
            return [];
        }

        if (given.Count == 0)
        {
            reader.AddError("where", "'where' is empty; name at least one column, or leave it out for all rows.");
        }

        return [.. given.Select(field => ReadColumn(reader, field.Key, field.Value))];
    }

    private static WhereColumn ReadColumn(InputReader reader, string name, JsonElement given)
    {
        var field = $"where.{JsonValue.Shorten(name)}";
        var values = new List<string>();
        if (given.ValueKind != JsonValueKind.Array)
        {
            return new(name, values, ReadValue(reader, field, given, values), given.Clone());
        }

        var orNull = false;
        if (given.GetArrayLength() is var length && length is 0 or > MaxValues)
        {
            reader.AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' has {length} values; send 1 to {MaxValues}."));
            return new(name, values, orNull, given.Clone());
        }

        foreach (var (i, item) in given.EnumerateArray().Index())
        {
            orNull |= ReadValue(reader, string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]"), item, values);
        }

        return new(name, values, orNull, given.Clone());
    }

    // Returns whether the value is null.
    private static bool ReadValue(InputReader reader, string field, JsonElement value, List<string> values)
    {
        if (value.ValueKind is JsonValueKind.Null)
        {
            return true;
        }

        if (Fault(field, value) is { } fault)
        {
            reader.AddError(field, fault);
            return false;
        }

        values.Add(TextOf(value)!);
        return false;
    }

    private static string? Fault(string field, JsonElement value) => value.ValueKind is JsonValueKind.Object or JsonValueKind.Array
        ? $"'{field}' is {JsonValue.Describe(value)}; send a string, a number, true, false or null."
        : TextOf(value) switch
        {
            null => $"'{field}' has text that PostgreSQL can't hold; send no NUL characters and no lone surrogates.",
            { Length: > MaxLength } text => string.Create(CultureInfo.InvariantCulture, $"'{field}' has {text.Length} characters; the most is {MaxLength}."),
            _ => null,
        };

    // A number keeps the digits that were sent.
    private static string? TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? JsonText.Of(value) : value.GetRawText();
}
