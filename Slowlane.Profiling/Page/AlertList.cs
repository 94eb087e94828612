using System.Globalization;
using Slowlane.Profiling.Alerts;

namespace Slowlane.Profiling.Page;

/// <summary>The alerts of a page: a line for each rule, with the columns that it applies to.</summary>
internal static class AlertList
{
    private const int MaxColumns = 40;

    public static void Write(IReadOnlyList<Alert> alerts, TextWriter html)
    {
        html.WriteLine("<section><h2>Alerts</h2>");
        if (alerts.Count == 0)
        {
            html.WriteLine("<p>None.</p>");
        }
        else
        {
            html.WriteLine("<ul class=alerts>");
            foreach (var rule in AlertRules.All)
            {
                Write(rule, [.. alerts.Where(alert => string.Equals(alert.Rule, rule.Name, StringComparison.Ordinal))], html);
            }

            html.WriteLine("</ul>");
        }

        html.WriteLine("</section>");
    }

    private static void Write(AlertRule rule, List<Alert> alerts, TextWriter html)
    {
        if (alerts.Count == 0)
        {
            return;
        }

        var shown = alerts.Take(MaxColumns).Select(alert => $"<a href=\"#c{alert.Ordinal.ToString(CultureInfo.InvariantCulture)}\">{Html.Data(alert.Column, 60)}</a>{Value(alert)}");
        var rest = alerts.Count > MaxColumns ? $", and {Html.Number(alerts.Count - MaxColumns)} more columns" : "";
        html.WriteLine($"<li><b>{rule.Name}</b> <span class=soft>{rule.Meaning}:</span> {string.Join(", ", shown)}{rest}</li>");
    }

    // A value that can only be the threshold itself says nothing.
    private static string Value(Alert alert) => alert switch
    {
        { Rule: "drifted" } => " " + Html.Number(alert.Value),
        { Threshold: < 1 } => $" {Html.Percent(alert.Value)}",
        { Value: > 1 } => " " + (double.IsInteger(alert.Value) ? Html.Number((long)alert.Value) : Html.Number(alert.Value)),
        _ => "",
    };
}
