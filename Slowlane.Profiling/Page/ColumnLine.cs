using System.Globalization;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Page;

/// <summary>A column of a page in one line, which unfolds to its <see cref="ColumnFiguresBlock"/>.</summary>
internal static class ColumnLine
{
    private const int TopValues = 4;

    public static void Write(ColumnProfile column, ColumnDrift? drift, TextWriter html)
    {
        html.Write($"<details class=row id=c{column.Ordinal.ToString(CultureInfo.InvariantCulture)}><summary>");
        Cell(html, "name", "", Html.Data(column.Name, 64));
        Cell(html, "type", "type", Html.Data(column.Type, 60));
        Cell(html, "", "null", Nulls(column));
        Cell(html, "number", "distinct", Distinct(column.Distinct));
        Cell(html, "", "distribution", drift?.Counts is { } counts ? Charts.Comparison(counts.Before, counts.After, "distribution, and the earlier one as a line") : Distribution(column));
        Cell(html, "values", "values", Values(column));
        html.WriteLine("</summary>");
        ColumnFiguresBlock.Write(column, drift, html);
        html.WriteLine("</details>");
    }

    /// <summary>A number of distinct values, marked if it is estimated.</summary>
    public static string Distinct(DistinctFigure distinct)
        => distinct.Exact ? Html.Number(distinct.Value) : $"<span title=\"estimate, standard error {Html.Percent(distinct.RelativeError)}\">≈ {Html.Number(distinct.Value)}</span>";

    private static void Cell(TextWriter html, string style, string label, string content)
        => html.Write($"<span{(style.Length > 0 ? $" class={style}" : "")}>{(label.Length > 0 ? $"<span class=hidden>{label}: </span>" : "")}{content}</span>");

    private static string Nulls(ColumnProfile column)
    {
        var share = column.Nulls == 0 ? 0 : (double)column.Nulls / (column.Nulls + column.Count);
        return $"{Charts.Bar(share, "share of nulls")}{Html.Percent(share)}";
    }

    private static string Distribution(ColumnProfile column) => column switch
    {
        { Numbers.Histogram: { } histogram } => Histogram(histogram.Bins.Select(bin => bin.Count)),
        { Times.Histogram: { } histogram } => Histogram(histogram.Bins.Select(bin => bin.Count)),
        { Top: { Values.Count: > 1 } top, Booleans: null } => Charts.Histogram([.. top.Values.Select(value => value.Count)], "counts of the most frequent values"),
        { Booleans: { } booleans } when column.Count > 0 => Charts.Histogram([booleans.False, booleans.True], "counts of false and true"),
        _ => "",
    };

    private static string Histogram(IEnumerable<long> counts) => Charts.Histogram([.. counts], "histogram");

    private static string Values(ColumnProfile column) => column switch
    {
        { Booleans: { } booleans } => Value("false", booleans.False) + Value("true", booleans.True),
        { Numbers.Quantiles: { } quartiles } => $"{End(column.Min, number: true)} … {Html.Number(quartiles.Median)} … {End(column.Max, number: true)}",
        { Times: not null, Min: not null } => $"{End(column.Min)} … {End(column.Max)}",
        { Top: { Values.Count: > 0 } top } => (top.Exact ? "" : "<span title=\"estimate\">≈</span> ") + string.Concat(top.Values.Take(TopValues).Select(value => Value(Html.Data(value.Value, 24), value.Count))),
        { Min: not null, Max: not null } => $"{End(column.Min)} … {End(column.Max)}",
        _ => "",
    };

    private static string Value(string html, long count) => $"<span class=value>{html} <span class=soft>{Html.Number(count)}</span></span>";

    // A number is rounded here. The figures below the line have all of its digits.
    private static string End(string? text, bool number = false)
        => number && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? Html.Number(value) : Html.Data(text ?? "", 26);
}
