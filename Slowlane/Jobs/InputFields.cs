using System.Text.Json;

namespace Slowlane.Jobs;

/// <summary>The fields of a posted object, and which of them were requested. A value that is not an object has none.</summary>
internal sealed class InputFields(JsonElement input)
{
    private readonly List<string> _known = new(8); // An input has few fields: a list is faster than a set.

    /// <summary>The names of the requested fields, sorted.</summary>
    public IEnumerable<string> Known => _known.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Requests a field. Null if it is absent or null.</summary>
    /// <remarks>If a name occurs several times, the last field counts, as in JavaScript and in System.Text.Json.</remarks>
    public JsonElement? Find(string field)
    {
        _known.Add(field);
        return input.ValueKind == JsonValueKind.Object
            && input.TryGetProperty(field, out var value)
            && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? value : null;
    }

    /// <summary>The fields that were not requested.</summary>
    public IEnumerable<JsonProperty> Unknown()
        => input.ValueKind == JsonValueKind.Object ? input.EnumerateObject().Where(property => !IsKnown(property)) : [];

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
}
