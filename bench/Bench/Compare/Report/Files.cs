using Slowlane.Bench.Reports;

namespace Slowlane.Bench.Compare.Report;

/// <summary>Writes the findings beside each other: table, raw figures, plots.</summary>
internal static class Files
{
    /// <summary>The files written. The short form has no figures, so it writes only where it is told to.</summary>
    public static async Task<IReadOnlyList<string>> WriteAsync(Findings findings, CancellationToken cancellationToken)
    {
        var options = findings.Options;
        if (ResultFolder.Create(options.Out, options.Short) is not { } folder)
        {
            return [];
        }

        var plots = options.Short ? [] : Plots.Of(findings);
        var images = string.Concat(plots.Select(plot => $"![{plot.Chart.Title}]({options.Name}-{plot.Name}.svg)\n\n"));
        var files = plots.Select(plot => ($"{options.Name}-{plot.Name}.svg", SvgChart.Draw(plot.Chart).ToString()))
            .Prepend(($"{options.Name}.json", RawJson.Write(findings)))
            .Prepend(($"{options.Name}.md", MarkdownReport.Write(findings).TrimEnd() + "\n\n" + images));
        var written = new List<string>();
        foreach (var (name, text) in files)
        {
            written.Add(Path.Combine(folder, name));
            await File.WriteAllTextAsync(written[^1], text.TrimEnd() + "\n", cancellationToken);
        }

        return written;
    }
}
