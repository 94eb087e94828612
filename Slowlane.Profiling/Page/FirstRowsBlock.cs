namespace Slowlane.Profiling.Page;

/// <summary>The first rows of a page: a table, folded.</summary>
internal static class FirstRowsBlock
{
    private const int MaxColumns = 100;
    private const int MaxText = 40;

    public static void Write(ProfileReport report, TextWriter html)
    {
        if (report.FirstRows is not { Count: > 0 } rows)
        {
            return;
        }

        var columns = report.Columns.Take(MaxColumns).Select(column => column.Name).ToList();
        html.Write($"<details class=rows><summary>First {Html.Number(rows.Count)} rows</summary><div><table><tr>");
        foreach (var column in columns)
        {
            html.Write($"<th>{Html.Data(column, MaxText)}");
        }

        foreach (var row in rows)
        {
            html.Write("<tr>");
            foreach (var column in columns)
            {
                html.Write($"<td>{(row.Values.TryGetValue(column, out var value) && value is not null ? Html.Data(value, MaxText) : "<span class=soft>null</span>")}");
            }
        }

        var rest = report.Columns.Count > MaxColumns ? $"<p class=soft>The JSON has {Html.Number(report.Columns.Count - MaxColumns)} more columns.</p>" : "";
        html.WriteLine($"</table></div>{rest}</details>");
    }
}
