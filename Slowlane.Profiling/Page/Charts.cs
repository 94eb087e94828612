using System.Globalization;
using System.Text;

namespace Slowlane.Profiling.Page;

/// <summary>Charts as inline SVG. The page's style gives them their colors.</summary>
internal static class Charts
{
    private const int Height = 24;

    /// <summary>A bar whose filled part is a share.</summary>
    public static string Bar(double share, string label) => string.Create(
        CultureInfo.InvariantCulture, $"<svg class=bar viewBox=\"0 0 100 8\" preserveAspectRatio=none role=img aria-label=\"{label}\"><path d=\"M0 0h{share * 100:0.#}v8H0z\"/></svg>");

    /// <summary>A bar of the same width for each count, the greatest at full height.</summary>
    public static string Histogram(IReadOnlyList<long> counts, string label)
    {
        var greatest = Math.Max(1, counts.Max());
        return Histogram(counts.Count, Bars([.. counts.Select(count => (double)count / greatest)]), "", label);
    }

    /// <summary>A bar for each share of the later counts, and the earlier ones as a line over them. The greatest share of both is at full height.</summary>
    public static string Comparison(IReadOnlyList<long> before, IReadOnlyList<long> after, string label)
    {
        var (earlier, later) = (Shares(before), Shares(after));
        var greatest = Math.Max(earlier.Max(), later.Max());
        var line = new StringBuilder();
        for (var i = 0; i < earlier.Count; i++)
        {
            line.Append(CultureInfo.InvariantCulture, $"{(i == 0 ? "M0 " : "V")}{Height * (1 - (earlier[i] / greatest)):0.#}H{i + 1}");
        }

        return Histogram(later.Count, Bars([.. later.Select(share => share / greatest)]), $"<path class=earlier d=\"{line}\"/>", label);
    }

    private static List<double> Shares(IReadOnlyList<long> counts) => counts.Sum() is var all && all == 0 ? [.. counts.Select(_ => 0.0)] : [.. counts.Select(count => (double)count / all)];

    private static string Bars(IReadOnlyList<double> heights)
    {
        var path = new StringBuilder();
        for (var i = 0; i < heights.Count; i++)
        {
            if (heights[i] > 0)
            {
                // What is not empty can be seen.
                var height = Math.Max(0.5, Height * heights[i]);
                path.Append(CultureInfo.InvariantCulture, $"M{i} {Height}v-{height:0.#}h1v{height:0.#}z");
            }
        }

        return path.ToString();
    }

    private static string Histogram(int bars, string path, string line, string label) => string.Create(
        CultureInfo.InvariantCulture,
        $"<svg class=histogram viewBox=\"0 0 {bars} {Height}\" preserveAspectRatio=none role=img aria-label=\"{label}\"><path d=\"{path}\"/>{line}</svg>");
}
