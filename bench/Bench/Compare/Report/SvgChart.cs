using System.Globalization;
using System.Xml.Linq;
using Slowlane.Bench.Reports;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Report;

/// <summary>Draws a chart: bars to the median, a line from the least to the greatest. Its colours hold on white and on black.</summary>
internal static class SvgChart
{
    private const int Width = 760;
    private const int Left = 130;
    private const int Plot = 450;
    private const int Head = 34;
    private const int BarPitch = 22;
    private const int BarHeight = 12;
    private const int PanelHead = 26;
    private const int PanelFoot = 30;

    private const string Style = """
        text { font: 12px system-ui, sans-serif; fill: #57606a }
        .title { font-size: 15px; font-weight: 600 } .panel { font-weight: 600 } .mark { font-size: 10px }
        .grid { stroke: #8c959f; stroke-opacity: .35 } .spread { stroke: #57606a; stroke-width: 1.5 }
        .ours { fill: #2da44e } .peer { fill: #8c959f }
        @media (prefers-color-scheme: dark) { text { fill: #b1bac4 } .spread { stroke: #d0d7de } .ours { fill: #3fb950 } .peer { fill: #6e7681 } }
        """;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    public static XElement Draw(Chart chart)
    {
        var root = new XElement(Svg + "svg", new XAttribute("role", "img"), new XElement(Svg + "title", chart.Title), new XElement(Svg + "style", Style));
        root.Add(Text(12, 22, chart.Title, "title"));
        var top = Head;
        foreach (var panel in chart.Panels)
        {
            Draw(root, panel, top);
            top += PanelHead + (panel.Bars.Count * BarPitch) + PanelFoot;
        }

        root.Add(new XAttribute("viewBox", FormattableString.Invariant($"0 0 {Width} {top}")), new XAttribute("width", Width), new XAttribute("height", top));
        return root;
    }

    private static void Draw(XElement root, Panel panel, int top)
    {
        var scale = Scale.Of(panel.Bars.Select(bar => bar.Spread).OfType<Spread>(), panel.IsLogarithmic);
        var first = top + PanelHead;
        var bottom = first + (panel.Bars.Count * BarPitch);
        root.Add(Text(12, top + 16, panel.Unit.Length == 0 ? panel.Title : $"{panel.Title}, {panel.Unit}{(panel.IsLogarithmic ? " (each mark ten times the last)" : "")}", "panel"));
        foreach (var mark in scale.Marks())
        {
            var x = X(scale, mark);
            root.Add(Line("grid", x, first - 4, x, bottom));
            root.Add(Text(x, bottom + 12, Numbers.Text(mark), "mark", "middle"));
        }

        for (var i = 0; i < panel.Bars.Count; i++)
        {
            Draw(root, panel.Bars[i], scale, first + (i * BarPitch));
        }
    }

    private static void Draw(XElement root, Bar bar, Scale scale, int top)
    {
        var middle = top + (BarHeight / 2.0);
        root.Add(Text(Left - 8, middle + 4, bar.Label, null, "end"));
        if (bar.Spread is not { } spread)
        {
            root.Add(Text(Left + 4, middle + 4, "no figure", "mark"));
            return;
        }

        var (end, least, greatest) = (X(scale, spread.Median), X(scale, spread.Least), X(scale, spread.Greatest));
        root.Add(new XElement(
            Svg + "rect", new XAttribute("class", bar.IsOurs ? "ours" : "peer"), new XAttribute("x", Left), new XAttribute("y", top), At("width", Math.Max(1, end - Left)), new XAttribute("height", BarHeight), new XAttribute("rx", 2)));
        root.Add(Line("spread", least, middle, greatest, middle), Line("spread", least, middle - 4, least, middle + 4), Line("spread", greatest, middle - 4, greatest, middle + 4));
        root.Add(Text(greatest + 6, middle + 4, Numbers.Text(spread), null));
    }

    private static double X(Scale scale, double value) => Left + (Plot * scale.At(value));

    private static XElement Line(string kind, double x1, double y1, double x2, double y2)
        => new(Svg + "line", new XAttribute("class", kind), At("x1", x1), At("y1", y1), At("x2", x2), At("y2", y2));

    private static XElement Text(double x, double y, string text, string? kind, string? anchor = null)
        => new(Svg + "text", kind is null ? null : new XAttribute("class", kind), anchor is null ? null : new XAttribute("text-anchor", anchor), At("x", x), At("y", y), text);

    private static XAttribute At(string name, double value) => new(name, Math.Round(value, 1).ToString(CultureInfo.InvariantCulture));
}
