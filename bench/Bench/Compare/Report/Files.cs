using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Compare.Report;

/// <summary>The findings beside each other: table, raw figures, plots.</summary>
internal static class Files
{
    public static IEnumerable<(string Name, string Text)> Of(Findings findings)
    {
        var options = findings.Options;
        var plots = options.Short ? [] : Plots.Of(findings);
        var images = string.Concat(plots.Select(plot => $"![{plot.Chart.Title}]({options.Name}-{plot.Name}.svg)\n\n"));
        return
        [
            ($"{options.Name}.md", $"{CompareReport.Write(findings)}\n{images}"),
            ($"{options.Name}.json", Json(findings)),
            .. plots.Select(plot => ($"{options.Name}-{plot.Name}.svg", SvgChart.Draw(plot.Chart).ToString())),
        ];
    }

    /// <summary>For programs: every reading of every run.</summary>
    internal static string Json(Findings findings) => ResultFiles.Json(new
    {
        findings.Options.Short,
        findings.Options.Runs,
        Machine = new Dictionary<string, string>(findings.Machine, StringComparer.Ordinal),
        Variants = findings.Variants.ToDictionary(variant => variant.Name, variant => variant.StandsFor, StringComparer.Ordinal),
        findings.LeftOut,
        findings.Failures,
        findings.Readings,
    });
}
