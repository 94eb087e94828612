using System.Globalization;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Page;

/// <summary>What a page says of the earlier profile: which, when, how many rows, and the columns that are new, gone or of another type.</summary>
internal static class DriftLine
{
    private const int MaxColumns = 40;

    public static void Write(DriftReport? drift, TextWriter html)
    {
        if (drift is null)
        {
            return;
        }

        html.WriteLine(drift.Baseline is { } baseline
            ? $"<p>Compared with the profile {Html.Text(baseline)}{When(drift.FinishedAt)}{Rows(drift.RowCount)}: {Judgement(drift)}{Changes(drift)}</p>"
            : $"<p>Compared with nothing: {Html.Text(drift.Reason ?? "")}</p>");
    }

    private static string When(DateTimeOffset? time)
        => time is { } at ? string.Create(CultureInfo.InvariantCulture, $" of {at.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC") : "";

    private static string Rows(Change<long>? rows) => rows is null ? "" : $", {Html.Number(rows.Before)} rows then and {Html.Number(rows.After)} now";

    private static string Judgement(DriftReport drift)
        => drift.Drifted == true ? $"<strong>{Html.Number(drift.DriftedColumns?.Count ?? 0)} columns drifted</strong>" : $"no column drifted (threshold {Html.Number(drift.Threshold)})";

    private static string Changes(DriftReport drift)
        => string.Concat((drift.Columns ?? []).Where(column => column.SchemaChange is not null).GroupBy(column => column.SchemaChange!, StringComparer.Ordinal).Select(Changed));

    private static string Changed(IGrouping<string, ColumnDrift> columns)
    {
        var names = columns.Take(MaxColumns).Select(column => Html.Data(column.Name, 60));
        var rest = columns.Count() - MaxColumns;
        return $" · {Html.Text(columns.Key)}: {string.Join(", ", names)}{(rest > 0 ? $", and {Html.Number(rest)} more" : "")}";
    }
}
