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
    private readonly JsonElement _object;
    private readonly List<string> _known = new(8); // An input has few fields: a list is faster than a set.
    private readonly InputErrors _errors = new();
    private readonly InputSchema? _schema;

    /// <summary>Creates a reader of a posted value.</summary>
    /// <param name="input">The posted value. A value that is not an object is an error of the input as a whole.</param>
    public InputReader(JsonElement input)
    {
        _object = input;
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
    public bool Has(string field) => Find(field) is not null;

    /// <summary>Reads a text field with a maximum length in UTF-16 units. Returns null if it is absent.</summary>
    public string? GetString(string field, int maxLength, bool required = false)
    {
        _schema?.AddString(field, maxLength, required);
        if (Find(field) is not { } value)
        {
            Require(field, required);
            return null;
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send a string.");
            return null;
        }

        return CheckText(field, value, maxLength);
    }

    /// <summary>Reads a whole number within bounds. Returns the fallback if it is absent.</summary>
    public int GetInt32(string field, int min, int max, int fallback = 0, bool required = false)
        => (int)GetInt64(field, min, max, fallback, required);

    /// <summary>Reads a whole number of up to 64 bits within bounds, to its last digit. Returns the fallback if it is absent.</summary>
    public long GetInt64(string field, long min, long max, long fallback = 0, bool required = false)
    {
        _schema?.AddInteger(field, min, max, fallback, required);
        if (FindNumber(field, required) is not { } value)
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
        if (FindNumber(field, required) is not { } value)
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
        if (Find(field) is not { } value)
        {
            Require(field, required);
            return fallback;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send true or false.");
            return fallback;
        }

        return value.GetBoolean();
    }

    /// <summary>Reads an array field. Returns null if it is absent.</summary>
    public IReadOnlyList<JsonElement>? GetArray(string field, int maxItems, bool required = false)
    {
        _schema?.AddArray(field, maxItems, required);
        if (Find(field) is not { } value)
        {
            Require(field, required);
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send an array.");
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
            else if (CheckText(name, items[i], maxLength) is { } text)
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
        if (Find(field) is not { } value)
        {
            Require(field, required);
            return null;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send an object.");
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
        if (_object.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in _object.EnumerateObject())
        {
            if (IsKnown(property))
            {
                continue;
            }

            if (JsonValue.NameOf(property) is not { } name)
            {
                AddError("", "A field name is not valid Unicode; send names without lone surrogates.");
            }
            else
            {
                AddError(name, $"'{JsonValue.Shorten(name)}' is not a field of this type; known: {string.Join(", ", _known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}.");
            }
        }
    }

    // Compares the name in place: nearly every field is known, and a known field allocates no string.
    private bool IsKnown(JsonProperty property)
    {
        try
        {
            foreach (var name in _known)
            {
                if (property.NameEquals(name))
                {
                    return true;
                }
            }
        }
        catch (InvalidOperationException)
        {
            // A name with a lone surrogate is no known name.
        }

        return false;
    }

    private JsonElement? FindNumber(string field, bool required)
    {
        if (Find(field) is not { } value)
        {
            Require(field, required);
            return null;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            AddError(field, $"'{field}' is {JsonValue.Describe(value)}; send a number.");
            return null;
        }

        return value;
    }

    private string? CheckText(string field, JsonElement value, int maxLength)
    {
        if (JsonValue.TextOf(value) is not { } text)
        {
            AddError(field, $"'{field}' is not valid Unicode; send text without lone surrogates.");
            return null;
        }

        if (text.Length > maxLength)
        {
            AddError(field, string.Create(CultureInfo.InvariantCulture, $"'{field}' has {text.Length} characters; the most is {maxLength}."));
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            AddError(field, $"'{field}' has a NUL character; PostgreSQL can't hold one, send text without it.");
            return null;
        }

        return text;
    }

    // If a name occurs several times, the last field counts, as in JavaScript and in System.Text.Json.
    private JsonElement? Find(string field)
    {
        _known.Add(field);
        return _object.ValueKind == JsonValueKind.Object
            && _object.TryGetProperty(field, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;
    }

    private void Require(string field, bool required)
    {
        if (required)
        {
            AddError(field, $"'{field}' is missing; it is required.");
        }
    }
}
