using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.App;

/// <summary>What one host asks for that runs as many workers as a plan would have instances. Pure.</summary>
internal static class HostScale
{
    /// <summary>The lanes of each worker: the cores, shared out.</summary>
    public static int Lanes(int workers, int cores) => Math.Max(1, cores / Math.Max(1, workers));

    /// <summary>Overrides of host.json: each worker gets what host.json gives an instance, or a message and an activity for each of its lanes.</summary>
    /// <param name="hostJson">host.json, with the overrides of the environment.</param>
    /// <param name="given">The overrides of the environment alone, which stand.</param>
    /// <param name="workers">How many workers share the queues.</param>
    /// <param name="lanes">The lanes of each.</param>
    public static IReadOnlyDictionary<string, string?> Overrides(IConfiguration hostJson, IConfiguration given, int workers, int lanes)
    {
        const string Batch = "extensions:queues:batchSize";
        const string Threshold = "extensions:queues:newBatchThreshold";
        const string Activities = "extensions:durableTask:maxConcurrentActivityFunctions";
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var batch = Number(hostJson[Batch]) ?? 16;
        if (given[Batch] is null && given[Threshold] is null && (hostJson[Threshold] is not { } text ? batch / 2 : Number(text)) is { } threshold)
        {
            var instance = Math.Max(lanes, batch + threshold);
            overrides[Threshold] = Text((workers * instance) - batch);
        }

        if (given[Activities] is null && Number(hostJson[Activities]) is { } activities)
        {
            overrides[Activities] = Text(workers * Math.Max(lanes, activities));
        }

        return overrides;
    }

    // What is no number is refused for itself.
    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
