using System.Collections.Frozen;
using System.Globalization;

namespace Slowlane.Jobs;

/// <summary>The errors of an input by field, up to a limit.</summary>
internal sealed class InputErrors
{
    private const int MaxErrors = 50;

    private static readonly IReadOnlyDictionary<string, List<string>> None = FrozenDictionary<string, List<string>>.Empty;

    private Dictionary<string, List<string>>? _byField;
    private int _count;

    /// <summary>The errors by field name. The empty name stands for the input as a whole.</summary>
    public IReadOnlyDictionary<string, List<string>> ByField => _byField ?? None;

    /// <summary>Whether there are more errors than the limit.</summary>
    public bool IsFull => _count > MaxErrors;

    public void Add(string field, string sentence)
    {
        _count++;
        if (_count <= MaxErrors)
        {
            Append(JsonValue.Shorten(field), sentence);
        }
        else if (_count == MaxErrors + 1)
        {
            Append("", string.Create(CultureInfo.InvariantCulture, $"There are more errors than the {MaxErrors} told here; correct these first."));
        }
    }

    private void Append(string field, string sentence)
    {
        _byField ??= new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (!_byField.TryGetValue(field, out var sentences))
        {
            _byField[field] = sentences = [];
        }

        sentences.Add(sentence);
    }
}
