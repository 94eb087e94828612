using System.Collections.Frozen;
using System.Globalization;

namespace Slowlane.Jobs;

/// <summary>What is wrong with an input, by field; as much of it as anybody reads.</summary>
internal sealed class InputErrors
{
    private const int Most = 50;

    private static readonly IReadOnlyDictionary<string, List<string>> None = FrozenDictionary<string, List<string>>.Empty;

    private Dictionary<string, List<string>>? _byField;
    private int _count;

    /// <summary>The empty name stands for the input as a whole.</summary>
    public IReadOnlyDictionary<string, List<string>> ByField => _byField ?? None;

    /// <summary>Whether there are more than are told.</summary>
    public bool IsFull => _count > Most;

    public void Add(string field, string sentence)
    {
        _count++;
        if (_count <= Most)
        {
            Note(JsonValue.Shorten(field), sentence);
        }
        else if (_count == Most + 1)
        {
            Note("", string.Create(CultureInfo.InvariantCulture, $"There are more errors than the {Most} told here; correct these first."));
        }
    }

    private void Note(string field, string sentence)
    {
        _byField ??= new Dictionary<string, List<string>>(StringComparer.Ordinal);
        if (!_byField.TryGetValue(field, out var sentences))
        {
            _byField[field] = sentences = [];
        }

        sentences.Add(sentence);
    }
}
