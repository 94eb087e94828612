using System.Globalization;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Page;

/// <summary>All figures of a column.</summary>
internal static class ColumnFiguresBlock
{
    private const int MaxBins = 50;
    private const int MaxShapes = 5;
    private const int MaxShape = 40;

    public static void Write(ColumnProfile column, ColumnDrift? drift, TextWriter html)
    {
        html.Write("<div class=more><dl>");
        foreach (var (name, value) in ColumnFigureList.Of(column).Concat(DriftFigureList.Of(drift)))
        {
            html.Write($"<dt>{name}<dd>{value}");
        }

        html.Write("</dl>");
        WriteHistogram(column, html);
        WriteTop(column.Top, html);
        WriteShapes(column.Shapes, html);
        html.WriteLine("</div>");
    }

    private static void WriteHistogram(ColumnProfile column, TextWriter html)
    {
        if (column.Numbers?.Histogram is { } numbers)
        {
            Write(html, numbers, static bound => Html.Number(bound));
        }
        else if (column.Times?.Histogram is { } times)
        {
            Write(html, times, static bound => Html.Text(bound));
        }
    }

    private static void Write<T, TWidth>(TextWriter html, Histogram<T, TWidth> histogram, Func<T, string> text)
    {
        html.Write($"<div>{Charts.Histogram([.. histogram.Bins.Select(bin => bin.Count)], "histogram")}<p class=\"axis soft\"><span>{text(histogram.Bins[0].From)}</span> <span>{text(histogram.Bins[^1].To)}</span></p>");
        if (histogram.Bins.Count <= MaxBins)
        {
            html.Write($"<details class=bins><summary>{histogram.Bins.Count} bins{(histogram.BinWidth is { } width ? $" of {Html.Text(string.Create(CultureInfo.InvariantCulture, $"{width}"))}" : "")}</summary><table><tr><th>from<th>{ColumnFigureList.Mark(histogram.Exact, histogram.CountError, "counts")}values");
            foreach (var bin in histogram.Bins)
            {
                html.Write($"<tr><td>{text(bin.From)}<td>{Html.Number(bin.Count)}");
            }

            html.Write("</table></details>");
        }

        html.Write("</div>");
    }

    private static void WriteTop(TopFigures? top, TextWriter html)
    {
        if (top is not { Values.Count: > 0 })
        {
            return;
        }

        html.Write($"<table><tr><th>most frequent{(top.Exact ? "" : ", estimated")}<th>values");
        foreach (var value in top.Values)
        {
            html.Write($"<tr><td>{Html.Data(value.Value, ColumnFigureList.MaxText)}{(value.Certain == false ? " <span class=soft title=\"others may be more frequent\">?</span>" : "")}<td>{Count(value)}");
        }

        html.Write("</table>");
    }

    private static void WriteShapes(ShapeFigures? shapes, TextWriter html)
    {
        if (shapes is not { Values.Count: > 0 })
        {
            return;
        }

        html.Write($"<table><tr><th>shapes<th>{(shapes.Exact ? "values" : $"of {Html.Number(shapes.Of)} distinct values, drawn at random")}");
        foreach (var shape in shapes.Values.Take(MaxShapes))
        {
            html.Write($"<tr><td>{Html.Data(shape.Shape, MaxShape)}<td>{Html.Number(shape.Count)}");
        }

        html.Write("</table>");
    }

    private static string Count(TopValue value)
        => value.CountError > 0 ? $"<span title=\"up to {Html.Number(value.CountError.Value)} more\">≈</span> {Html.Number(value.Count)}" : Html.Number(value.Count);
}
