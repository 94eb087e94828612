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
        var path = new StringBuilder();
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts[i] > 0)
            {
                // What is not empty can be seen.
                var height = Math.Max(0.5, Height * (double)counts[i] / greatest);
                path.Append(CultureInfo.InvariantCulture, $"M{i} {Height}v-{height:0.#}h1v{height:0.#}z");
            }
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"<svg class=histogram viewBox=\"0 0 {counts.Count} {Height}\" preserveAspectRatio=none role=img aria-label=\"{label}\"><path d=\"{path}\"/></svg>");
    }
}
