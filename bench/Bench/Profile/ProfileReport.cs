using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Profile;

/// <summary>The findings for readers.</summary>
internal static class ProfileReport
{
    private const double MaxMiB = 300;
    private const double LeastCells = 10e6;

    private static readonly string[] Peers = [Reading.Slowlane, Reading.Postgres, Reading.Pandas];

    public static string Write(Findings findings)
    {
        var text = new MarkdownText("A profile, beside SQL and pandas");
        text.Paragraph(FormattableString.Invariant($"A table of {WideTable.Columns.Count} columns, profiled by one worker, by PostgreSQL's own aggregates and by pandas. Medians, with the least and the greatest."));
        foreach (var rows in findings.Options.Rows)
        {
            text.Heading(FormattableString.Invariant($"{rows:N0} rows")).Table(["", .. Peers], Figures(findings, rows)).List(Goals(findings, rows));
        }

        text.Section("Checked", findings.Differences.Count == 0
            ? ["Counts, nulls, least and greatest values, means and deviations (to 1e-9), lengths, and whatever else the profile calls exact, are PostgreSQL's; distinct counts are or lie within four standard errors."]
            : findings.Differences);
        text.Section("Left out, stopped or chosen", findings.Notes);
        text.Section("How it was measured",
        [
            "Slowlane: from POST /api/profile to the result, by one worker process that reads, computes and writes; its peak is the worker's VmHWM after all runs. The worker is new for each size and has run once before.",
            "Computing alone: the chunks of up to a million rows held in memory, taken in by one thread; its processor time.",
            "PostgreSQL: the same figures by aggregates, exact ones, settings as they come (work_mem 4 MB); its peak is the backend's VmHWM, with the shared buffers it touched (up to 128 MB).",
            "pandas: COPY as CSV into a file, read_csv with every type given, describe(include='all') and nunique(); without the time to import it. Histograms and frequent values beyond the first are not asked of it.",
            "PostgreSQL runs with fsync off, which no reader notices; the table is unlogged, vacuumed and in the page cache; everything shares the same cores.",
        ]);
        return text.Section("Machine", findings.Machine).ToString();
    }

    private static IReadOnlyList<string[]> Figures(Findings findings, int rows)
    {
        return
        [
            ["end to end, s", .. Cells(reading => reading.Seconds)],
            ["rows a second, thousands", .. Cells(reading => reading.CellsPerSecond / WideTable.Columns.Count / 1e3)],
            ["peak memory of the process, MiB", .. Cells(reading => reading.PeakMiB)],
            ["processor time of the process, s", .. Cells(reading => reading.Processor)],
        ];

        IEnumerable<string> Cells(Func<Reading, double?> figure) => Peers.Select(peer => findings.Of(rows, peer, figure) is { } spread ? Numbers.Text(spread) : "–");
    }

    private static IEnumerable<string> Goals(Findings findings, int rows)
    {
        var ours = findings.Of(rows, Reading.Slowlane, reading => reading.Seconds);
        if (ours is { } mine && findings.Of(rows, Reading.Pandas, reading => reading.Seconds) is { } pandas)
        {
            yield return FormattableString.Invariant($"{Verdict(mine.Median < pandas.Median)} faster than pandas: {pandas.Median / mine.Median:F1} times");
        }

        if (ours is { } asIs && findings.Of(rows, Reading.Postgres, reading => reading.Seconds) is { } sql)
        {
            yield return FormattableString.Invariant($"{sql.Median / asIs.Median:F1} times as fast as SQL");
        }

        if (findings.Of(rows, Reading.Slowlane, reading => reading.PeakMiB) is { } memory)
        {
            yield return FormattableString.Invariant($"{Verdict(memory.Greatest < MaxMiB)} in bounded memory: {memory.Greatest:F0} of {MaxMiB} MiB");
        }

        if (findings.Of(rows, Reading.Compute, reading => reading.CellsPerSecond) is { } cells)
        {
            yield return FormattableString.Invariant($"{Verdict(cells.Median >= LeastCells)} computing alone, a core: {cells.Median / 1e6:F1} ({cells.Least / 1e6:F1}..{cells.Greatest / 1e6:F1}) million values a second, goal {LeastCells / 1e6:F0}");
        }
    }

    private static string Verdict(bool met) => met ? "✓" : "✗";
}
