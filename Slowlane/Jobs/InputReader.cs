using System.Globalization;
using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>
/// Reads the fields of a posted JSON object and collects the errors of all fields. The same calls declare the input's JSON Schema.
/// </summary>
/// <remarks>
/// A field with an error reads as its fallback, so that <c>Parse</c> always runs to its end. The job is accepted only if there are no errors.
/// </remarks>
public sealed class InputReader
{
    private readonly InputFields _fields;
    private readonly InputErrors _errors = new();
    private readonly InputSchema? _schema;

    /// <summary>Creates a reader of a posted value.</summary>
    /// <param name="input">The posted value. A value that is not an object is an error of the input as a whole.</param>
    public InputReader(JsonElement input)
    {
        _fields = new InputFields(input);
        if (input.ValueKind != JsonValueKind.Object)
        {
            AddError("", $"The input is {JsonValue.Describe(input)}; send a JSON object.");
        }
    }

    /// <summary>Reads an object without fields and records each requested field in the schema.</summary>
    internal InputReader(InputSchema schema)
        : this(JsonElement.Parse("{}"u8)) => _schema = schema;

    /// <summary>The errors by field name. The empty name stands for the input as a whole.</summary>
    public IReadOnlyDictionary<string, List<string>> Errors => _errors.ByField;

    /// <summary>Adds an error to a field.</summary>
    public void AddError(string field, string sentence)
    {
        ArgumentNullException.ThrowIfNull(field);
        _errors.Add(field, sentence);
    }

    /// <summary>Whether the field is present and not null.</summary>
    public bool Has(string field) => _fields.Find(field) is not null;

    /// <summary>Reads a text field with a maximum length in UTF-16 units. Returns null if it is absent.</summary>
    public string? GetString(string field, int maxLength, bool required = false)
    {
        _schema?.AddString(field, maxLength, required);
        return Find(field, required, "a string", JsonValueKind.String) is { } value ? InputText.Read(field, value, maxLength, _errors) : null;
    }

    /// <summary>Reads a whole number within bounds. Returns the fallback if it is absent.</summary>
    public int GetInt32(string field, int min, int max, int fallback = 0, bool required = false)
        => (int)GetInt64(field, min, max, fallback, required);

    /// <summary>Reads a whole number of up to 64 bits within bounds, to its last digit. Returns the fallback if it is absent.</summary>
    public long GetInt64(string field, long min, long max, long fallback = 0, bool required = false)
    {
        _schema?.AddInteger(field, min, max, fallback, required);
        if (Find(field, required, "a number", JsonValueKind.Number) is not { } value)
        {
            return fallback;
        }

        // A decimal has 28 digits. A double has 15, and would round an id of 64 bits.
        if (!value.TryGetDecimal(out var number) || number < min || number > max || number != decimal.Truncate(number))
        {
            AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' is {JsonValue.Shorten(value.GetRawText())}; send a whole number from {min} to {max}."));
            return fallback;
        }

        return (long)number;
    }

    /// <summary>Reads a number within bounds. Returns the fallback if it is absent.</summary>
    public double GetDouble(string field, double min, double max, double fallback = 0, bool required = false)
    {
        _schema?.AddNumber(field, min, max, fallback, required);
        if (Find(field, required, "a number", JsonValueKind.Number) is not { } value)
        {
            return fallback;
        }

        var number = value.GetDouble(); // Reads 1e999 as infinity. The bounds then refuse it.
        if (number < min || number > max)
        {
            AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' is {JsonValue.Shorten(value.GetRawText())}; send a number from {min} to {max}."));
            return fallback;
        }

        return number;
    }

    /// <summary>Reads true or false, or the fallback if the field is absent.</summary>
    public bool GetBoolean(string field, bool fallback = false, bool required = false)
    {
        _schema?.AddBoolean(field, fallback, required);
        return Find(field, required, "true or false", JsonValueKind.True, JsonValueKind.False)?.GetBoolean() ?? fallback;
    }

    /// <summary>Reads an array field. Returns null if it is absent.</summary>
    public IReadOnlyList<JsonElement>? GetArray(string field, int maxItems, bool required = false)
    {
        _schema?.AddArray(field, maxItems, required);
        if (Find(field, required, "an array", JsonValueKind.Array) is not { } value)
        {
            return null;
        }

        var length = value.GetArrayLength();
        if (length > maxItems)
        {
            AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' has {length} items; the most is {maxItems}."));
            return null;
        }

        return [.. value.EnumerateArray()];
    }

    /// <summary>Reads an array of texts, each with a maximum length in UTF-16 units. Returns null if it is absent.</summary>
    public IReadOnlyList<string>? GetStrings(string field, int maxItems, int maxLength)
    {
        var given = GetArray(field, maxItems);
        _schema?.SetItems(field, maxLength);
        if (given is not { } items)
        {
            return null;
        }

        var texts = new List<string>(items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{field}[{i}]");
            if (items[i].ValueKind != JsonValueKind.String)
            {
                AddError(name, $"'{name}' is {JsonValue.Describe(items[i])}; send a string.");
            }
            else if (InputText.Read(name, items[i], maxLength, _errors) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    /// <summary>Reads an object of any field names, in the order of the first of each name. Returns null if it is absent.</summary>
    public IReadOnlyDictionary<string, JsonElement>? GetObject(string field, int maxFields, bool required = false)
    {
        _schema?.AddObject(field, maxFields, required);
        if (Find(field, required, "an object", JsonValueKind.Object) is not { } value)
        {
            return null;
        }

        var fields = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (JsonValue.NameOf(property) is not { } name)
            {
                AddError(field, $"'{field}' has a field name that is not valid Unicode; send names without lone surrogates.");
                return null;
            }

            fields[name] = property.Value;
        }

        if (fields.Count > maxFields)
        {
            AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' has {fields.Count} fields; the most is {maxFields}."));
            return null;
        }

        return fields;
    }

    /// <summary>Adds an error for every field that <c>Parse</c> did not request. Called once, after <c>Parse</c>.</summary>
    internal void RejectUnknown()
    {
        foreach (var property in _fields.Unknown())
        {
            if (JsonValue.NameOf(property) is not { } name)
            {
                AddError("", "A field name is not valid Unicode; send names without lone surrogates.");
            }
            else
            {
                AddError(name, $"'{JsonValue.Shorten(name)}' is not a field of this type; known: {string.Join(", ", _fields.Known)}.");
            }
        }
    }

    /// <summary>The value of a field. Null if it is absent or of another kind, with an error if that is not allowed.</summary>
    private JsonElement? Find(string field, bool required, string what, params ReadOnlySpan<JsonValueKind> kinds)
    {
        if (_fields.Find(field) is not { } value)
        {
            if (required)
            {
                AddError(field, $"'{field}' is missing; it is required.");
            }

            return null;
        }

        if (!kinds.Contains(value.ValueKind))
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send {what}.");
            return null;
        }

        return value;
    }
}
