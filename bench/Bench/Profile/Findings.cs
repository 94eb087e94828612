using Slowlane.Bench.Reports;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Profile;

/// <summary>Everything that was found.</summary>
/// <param name="Options">What was asked for.</param>
/// <param name="Machine">What the figures depend on.</param>
/// <param name="Readings">Every run.</param>
/// <param name="Notes">What was left out or stopped, and what was chosen.</param>
/// <param name="Differences">Where a profile was not PostgreSQL's.</param>
internal sealed record Findings(ProfileOptions Options, IReadOnlyList<KeyValuePair<string, string>> Machine, IReadOnlyList<Reading> Readings, IReadOnlyList<string> Notes, IReadOnlyList<string> Differences)
{
    /// <summary>For readers and for programs.</summary>
    public IEnumerable<(string Name, string Text)> Files =>
    [
        ("profile.md", ProfileReport.Write(this)),
        ("profile.json", ResultFiles.Json(new { Machine = new Dictionary<string, string>(Machine, StringComparer.Ordinal), Readings, Notes, Differences })),
    ];

    /// <summary>A figure of a peer at a size, over its runs; null without any.</summary>
    public Spread? Of(int rows, string peer, Func<Reading, double?> figure)
    {
        double[] values = [.. Readings.Where(reading => reading.Rows == rows && string.Equals(reading.Peer, peer, StringComparison.Ordinal)).Select(figure).OfType<double>()];
        return values.Length == 0 ? null : Spread.Of(values);
    }
}
