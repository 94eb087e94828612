using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Slowlane.Profiling.Sources;

/// <summary>The name of a table as SQL writes it: <c>table</c> or <c>schema.table</c>, each part plain or quoted.</summary>
/// <remarks>Never part of a statement: the catalog is asked for it by parameter and answers with its own quoting.</remarks>
/// <param name="Schema">Null: whichever schema of the search path has the table.</param>
/// <param name="Table">The table itself.</param>
internal sealed record TableName(NamePart? Schema, NamePart Table)
{
    /// <summary>Reads a name.</summary>
    /// <param name="text">What the caller sent.</param>
    /// <param name="name">The name.</param>
    /// <param name="fault">Otherwise, what is wrong with it.</param>
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
                rest = rest[1..]; // The dot.
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

    /// <summary>The name as the caller wrote it, near enough to be recognised.</summary>
    public override string ToString() => Schema is null ? Table.Text : $"{Schema.Text}.{Table.Text}";

    // Cuts one part off the front; null when there is none.
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

/// <summary>One part of a name.</summary>
/// <param name="Text">Without quotes.</param>
/// <param name="Quoted">A quoted part means exactly what it says; a plain one may also mean its lower case.</param>
internal sealed record NamePart(string Text, bool Quoted)
{
    /// <summary>What the catalog may call it, the likelier first.</summary>
    internal string[] Candidates => Quoted || string.Equals(Folded, Text, StringComparison.Ordinal) ? [Text] : [Text, Folded];

    // PostgreSQL folds A to Z only in a database of a multi-byte encoding.
    private string Folded => string.Create(Text.Length, Text, (span, text) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterUpper(text[i]) ? (char)(text[i] | 0x20) : text[i];
        }
    });
}
