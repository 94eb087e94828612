using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Growth.Report;

/// <summary>The findings for readers.</summary>
internal static class GrowthReport
{
    public static string Write(Findings findings)
    {
        var (text, cost, pace) = (new MarkdownText("Growth"), findings.Cost, findings.Pace);
        text.Section("Machine", findings.Machine);
        text.Section("Faults", findings.Faults);
        text.Paragraph("Milliseconds, median / 99th percentile, one call after another; of fewer than 100 calls median / the highest, and of how many · pages of 8 KiB that one call touches. \"Worn\": all that was queued has just passed through, and no vacuum came.");
        Table(text, "Finished jobs", findings.Rows.Where(cell => !IsQueued(cell)));
        Table(text, "Queued jobs", findings.Rows.Where(IsQueued));
        text.Section("What a job costs",
        [
            FormattableString.Invariant($"log: {cost.Wal:N0} bytes a job (recorded, claimed, three heartbeats, written), {cost.Heartbeat:N0} of them a heartbeat"),
            FormattableString.Invariant($"heartbeats that touch no index: {cost.InPlace:P0}"),
        ]);
        text.Section("Retention",
        [
            FormattableString.Invariant($"{pace.Past:N0} jobs past it at once: {pace.Noted:N0} a second noted, a minute later {pace.Deleted:N0} a second deleted; the longest run took {pace.LongestRun:0.0} s"),
        ]);
        text.Section("Indexes", findings.Indexes.Select(index => FormattableString.Invariant($"{index.Name}: {index.Scans:N0} scans, {index.Bytes / 1048576.0:N1} MiB")));
        Table(text, "Messages in Azurite", findings.Messages);
        return text.ToString();
    }

    private static bool IsQueued(Cell cell) => cell.Level.Contains("queued", StringComparison.Ordinal);

    private static void Table(MarkdownText text, string title, IEnumerable<Cell> cells)
    {
        Cell[] all = [.. cells];
        if (all.Length > 0)
        {
            string[] levels = [.. all.Select(cell => cell.Level).Distinct(StringComparer.Ordinal)];
            text.Heading(title).Table(["", .. levels], all.GroupBy(cell => cell.Name, StringComparer.Ordinal).Select(call => (string[])
            [
                call.Key,
                .. levels.Select(level => Text(call.FirstOrDefault(cell => string.Equals(cell.Level, level, StringComparison.Ordinal)))),
            ]));
        }
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
}
