using System.Text;

namespace Slowlane.Bench.Growth.Report;

/// <summary>The findings as Markdown.</summary>
internal static class MarkdownReport
{
    public static string Write(Findings findings)
    {
        var text = new StringBuilder("# Growth\n\n");
        Section(text, "Machine", findings.Machine);
        Section(text, "Faults", findings.Faults);
        text.AppendLine("Milliseconds, median / 99th percentile, one call after another; of fewer than 100 calls median / the highest, and of how many · pages of 8 KiB that one call touches. \"Worn\": all that was queued has just passed through, and no vacuum came.").AppendLine();
        Table(text, "Finished jobs", findings.Rows.Where(cell => !IsQueued(cell)));
        Table(text, "Queued jobs", findings.Rows.Where(IsQueued));
        Section(text, "What a job costs", [
            FormattableString.Invariant($"log: {findings.Cost.Wal:N0} bytes a job (recorded, claimed, three heartbeats, written), {findings.Cost.Heartbeat:N0} of them a heartbeat"),
            FormattableString.Invariant($"heartbeats that touch no index: {findings.Cost.InPlace:P0}"),
        ]);
        Section(text, "Retention", [
            FormattableString.Invariant($"{findings.Pace.Past:N0} jobs past it at once: {findings.Pace.Noted:N0} a second noted, a minute later {findings.Pace.Deleted:N0} a second deleted; the longest run took {findings.Pace.LongestRun:0.0} s"),
        ]);
        Section(text, "Indexes", findings.Indexes.Select(index => FormattableString.Invariant($"{index.Name}: {index.Scans:N0} scans, {index.Bytes / 1048576.0:N1} MiB")));
        Table(text, "Messages in Azurite", findings.Messages);
        return text.ToString().TrimEnd() + "\n";
    }

    private static bool IsQueued(Cell cell) => cell.Level.Contains("queued", StringComparison.Ordinal);

    private static void Table(StringBuilder text, string title, IEnumerable<Cell> cells)
    {
        var all = cells.ToList();
        if (all.Count == 0)
        {
            return;
        }

        string[] levels = [.. all.Select(cell => cell.Level).Distinct(StringComparer.Ordinal)];
        text.AppendLine(FormattableString.Invariant($"## {title}")).AppendLine();
        text.AppendLine(FormattableString.Invariant($"| | {string.Join(" | ", levels)} |"));
        text.Append('|').Insert(text.Length, "---|", levels.Length + 1).AppendLine();
        foreach (var call in all.GroupBy(cell => cell.Name, StringComparer.Ordinal))
        {
            var figures = levels.Select(level => call.FirstOrDefault(cell => string.Equals(cell.Level, level, StringComparison.Ordinal))).Select(Text);
            text.AppendLine(FormattableString.Invariant($"| {call.Key} | {string.Join(" | ", figures)} |"));
        }

        text.AppendLine();
    }

    private static string Text(Cell? cell) => cell switch
    {
        null => "–",
        { PerSecond: > 0 } => FormattableString.Invariant($"{Times(cell)}, {cell.PerSecond:N0}/s"),
        _ => FormattableString.Invariant($"{Times(cell)} · {cell.Pages:N0}"),
    };

    private static string Times(Cell cell) => cell.HasP99
        ? FormattableString.Invariant($"{cell.P50:0.0} / {cell.P99:0.0}")
        : FormattableString.Invariant($"{cell.P50:0.0} / highest of {cell.Calls}: {cell.P99:0.0}");

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var items = lines.ToList();
        if (items.Count > 0)
        {
            text.AppendLine(FormattableString.Invariant($"## {title}")).AppendLine().AppendJoin('\n', items.Select(item => "- " + item)).AppendLine().AppendLine();
        }
    }
}
