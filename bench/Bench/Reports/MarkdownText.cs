using System.Text;

namespace Slowlane.Bench.Reports;

/// <summary>Findings for readers, part by part.</summary>
internal sealed class MarkdownText
{
    private readonly StringBuilder _text = new();

    public MarkdownText(string title) => Paragraph("# " + title);

    public MarkdownText Heading(string title) => Paragraph("## " + title);

    public MarkdownText Paragraph(string text)
    {
        _text.Append(text).Append("\n\n");
        return this;
    }

    /// <summary>A list; nothing when it is empty.</summary>
    public MarkdownText List(IEnumerable<string> items)
    {
        var text = string.Join('\n', items.Select(item => "- " + item));
        return text.Length == 0 ? this : Paragraph(text);
    }

    /// <summary>A list under a heading; nothing when it is empty.</summary>
    public MarkdownText Section(string title, IEnumerable<string> items)
    {
        string[] all = [.. items];
        return all.Length == 0 ? this : Heading(title).List(all);
    }

    /// <summary>A list of names and values under a heading.</summary>
    public MarkdownText Section(string title, IEnumerable<KeyValuePair<string, string>> facts)
        => Section(title, facts.Select(fact => $"{fact.Key}: {fact.Value}"));

    /// <summary>A table whose first column is of names, and the others of figures.</summary>
    public MarkdownText Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(head);
        Row([.. head.Select((_, column) => column == 0 ? "---" : "---:")]);
        foreach (var row in rows)
        {
            Row(row);
        }

        _text.Append('\n');
        return this;
    }

    public override string ToString() => _text.ToString().TrimEnd() + "\n";

    private void Row(IEnumerable<string> cells)
        => _text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).Append(" |\n");
}
