using System.Globalization;
using System.Text.RegularExpressions;
using Slowlane.Tests.LocalHost.Services;

namespace Slowlane.Tests.Fixtures;

/// <summary>The worker processes of a host, known by the lines that it writes when it starts them.</summary>
internal sealed partial class HostWorkers(Func<string> output)
{
    /// <summary>The ids of all that were started, in their order.</summary>
    public IReadOnlyList<int> All => [.. Lines().Select(Process)];

    /// <summary>The ids of those that were started in one place: web, worker 1, and so on.</summary>
    public IReadOnlyList<int> Of(string place)
        => [.. Lines().Where(line => string.Equals(line.Groups["place"].Value, place, StringComparison.Ordinal)).Select(Process)];

    /// <summary>Sends a signal to the one that runs in a place; returns its id.</summary>
    public async Task<int> SignalAsync(string signal, string place = "worker 1")
    {
        var worker = Of(place)[^1];
        await ProcessTable.SignalAsync(worker, signal);
        return worker;
    }

    private static int Process(Match line) => int.Parse(line.Groups["process"].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[(?<place>[^\]]+)\] started as process (?<process>[0-9]+)", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Started();

    private MatchCollection Lines() => Started().Matches(output());
}
