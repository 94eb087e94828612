using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Slowlane.LocalHost.App;

/// <summary>The scale settings of one host with as many workers as a hosting plan would have instances. Pure.</summary>
internal static class HostScale
{
    /// <summary>The lanes of each worker: the cores divided among the workers.</summary>
    public static int Lanes(int workers, int cores) => Math.Max(1, cores / Math.Max(1, workers));

    /// <summary>
    /// Overrides of host.json. Each worker gets as many messages and activities as host.json gives to an instance, and at least one of each
    /// for every lane.
    /// </summary>
    /// <param name="hostJson">host.json, including the overrides of the environment.</param>
    /// <param name="given">Only the overrides of the environment. They stay as they are.</param>
    /// <param name="workers">The number of workers that share the queues.</param>
    /// <param name="lanes">The lanes of each worker.</param>
    public static IReadOnlyDictionary<string, string?> Overrides(IConfiguration hostJson, IConfiguration given, int workers, int lanes)
    {
        const string Batch = "extensions:queues:batchSize";
        const string Threshold = "extensions:queues:newBatchThreshold";
        const string Activities = "extensions:durableTask:maxConcurrentActivityFunctions";
        var overrides = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var batch = Number(hostJson[Batch]) ?? 16;
        if (given[Batch] is null && given[Threshold] is null && (hostJson[Threshold] is not { } text ? batch / 2 : Number(text)) is { } threshold)
        {
            var instance = Math.Max(lanes, (long)batch + threshold);
            overrides[Threshold] = Text((workers * instance) - batch);
        }

        if (given[Activities] is null && Number(hostJson[Activities]) is > 0 and var activities)
        {
            overrides[Activities] = Text((long)workers * Math.Max(lanes, activities));
        }

        return overrides;
    }

    // A value that is not a number, or no activity at a time, is refused by the extension.
    private static int? Number(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string Text(long number) => Math.Min(number, int.MaxValue).ToString(CultureInfo.InvariantCulture);
}
