using System.Globalization;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Page;

/// <summary>A profile as a page: what it is of, the alerts, and a line for each column that unfolds to all of its figures.</summary>
internal static class ProfilePage
{
    private static readonly string Style = ReadStyle();

    public static ResultPage Of(ProfileReport report) => new($"Profile of {report.Table ?? "rows"}", Style, html => Write(report, html));

    private static void Write(ProfileReport report, TextWriter html)
    {
        html.WriteLine("<header>");
        html.WriteLine($"<h1>{(report.Table is { } table ? Html.Data(table, 200) : "Rows of a request")}</h1>");
        html.WriteLine($"<p>{string.Join(" · ", Facts(report))}</p>");
        DriftLine.Write(report.Drift, html);
        html.WriteLine("</header>");
        AlertList.Write(report.Alerts, html);
        html.WriteLine("<main>");
        html.WriteLine("<h2>Columns</h2>");
        html.WriteLine("<div class=head aria-hidden=true><span>Name</span><span>Type</span><span>Null</span><span class=number>Distinct</span><span>Distribution</span><span>Values</span></div>");
        var drift = report.Drift?.Columns?.ToDictionary(column => column.Name, StringComparer.Ordinal);
        foreach (var column in report.Columns)
        {
            ColumnLine.Write(column, drift?.GetValueOrDefault(column.Name), html);
        }

        FirstRowsBlock.Write(report, html);
        html.WriteLine("</main>");
        html.WriteLine("<footer class=soft><p>≈ marks an estimate. Every other figure is exact. ? marks a value that may not be among the most frequent ones.</p></footer>");
    }

    private static IEnumerable<string> Facts(ProfileReport report)
    {
        yield return report.Sample is { } sample
            ? $"<strong>{Html.Number(report.RowCount)} rows of a sample</strong> of {Html.Percent(sample.Fraction)} of the blocks: all figures are of the sample, not of the table"
            : $"{Html.Number(report.RowCount)} rows";
        yield return $"{Html.Number(report.ColumnCount)} columns";
        yield return Html.Text(report.Kind);
        if (report.RowSecurity == true)
        {
            yield return "only the rows that row-level security shows";
        }

        if (report.Where is { } where)
        {
            yield return $"only the rows where {string.Join(" and ", where.Select(column => $"{Html.Data(column.Key, 64)} is {Html.Data(column.Value.GetRawText(), 80)}"))}";
        }

        if (report is { StartedAt: { } start, FinishedAt: { } end })
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"read at {start.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC in {(end - start).TotalSeconds:0.0} s");
        }

        if (report.Snapshot is { } snapshot)
        {
            yield return $"snapshot {Html.Text(snapshot)}";
        }
    }

    private static string ReadStyle()
    {
        using var style = new StreamReader(typeof(ProfilePage).Assembly.GetManifestResourceStream("Page/page.css")!);
        return style.ReadToEnd();
    }
}
