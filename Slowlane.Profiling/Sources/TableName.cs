using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Slowlane.Profiling.Sources;

/// <summary>The name of a table in SQL syntax: <c>table</c> or <c>schema.table</c>, each identifier plain or quoted.</summary>
/// <remarks>It is never part of a statement. The catalog receives it as a parameter and returns the name with its own quoting.</remarks>
/// <param name="Schema">The schema. Null for the first schema of the search path that has the table.</param>
/// <param name="Table">The table.</param>
internal sealed record TableName(NamePart? Schema, NamePart Table)
{
    /// <summary>Parses a name.</summary>
    /// <param name="text">The caller's text.</param>
    /// <param name="name">The name.</param>
    /// <param name="fault">What is wrong with the text, if it is not a name.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out TableName? name, [NotNullWhen(false)] out string? fault)
    {
        ArgumentNullException.ThrowIfNull(text);
        name = null;
        var parts = new List<NamePart>();
        var rest = text.AsSpan();
        do
        {
            if (parts.Count > 0)
            {
                rest = rest[1..]; // Skips the dot.
            }

            if (NextPart(ref rest) is not { } part || !(rest.IsEmpty || rest[0] == '.'))
            {
                fault = $"'table' is '{text}'; send a name as SQL writes it: table, schema.table or \"My Schema\".\"My.Table\".";
                return false;
            }

            parts.Add(part);
        }
        while (!rest.IsEmpty);

        if (parts.Count > 2)
        {
            fault = $"'table' is '{text}', a name of {parts.Count} parts; send table or schema.table, and quote a part that contains a dot.";
            return false;
        }

        (name, fault) = (new TableName(parts.Count == 2 ? parts[0] : null, parts[^1]), null);
        return true;
    }

    /// <summary>The name without quotes, for messages.</summary>
    public override string ToString() => Schema is null ? Table.Text : $"{Schema.Text}.{Table.Text}";

    // Takes one identifier from the start. Null if there is none.
    private static NamePart? NextPart(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith('"'))
        {
            var end = rest.IndexOfAny('.', '"');
            var plain = end < 0 ? rest : rest[..end];
            rest = rest[plain.Length..];
            return plain.IsWhiteSpace() ? null : new NamePart(plain.ToString(), Quoted: false);
        }

        var text = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] != '"')
            {
                text.Append(rest[i]);
            }
            else if (i + 1 < rest.Length && rest[i + 1] == '"')
            {
                text.Append('"');
                i++;
            }
            else
            {
                rest = rest[(i + 1)..];
                return text.Length == 0 ? null : new NamePart(text.ToString(), Quoted: true);
            }
        }

        return null;
    }
}

/// <summary>One identifier of a name.</summary>
/// <param name="Text">The text without quotes.</param>
/// <param name="Quoted">Whether it is quoted. A quoted identifier is taken literally. A plain one may also mean its lower case.</param>
internal sealed record NamePart(string Text, bool Quoted)
{
    /// <summary>The possible names in the catalog, the likelier one first.</summary>
    internal string[] Candidates => Quoted || string.Equals(Folded, Text, StringComparison.Ordinal) ? [Text] : [Text, Folded];

    // In a database with a multi-byte encoding, PostgreSQL folds only A to Z.
    private string Folded => string.Create(Text.Length, Text, (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        }
    });
}
