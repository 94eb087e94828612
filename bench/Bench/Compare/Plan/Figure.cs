namespace Slowlane.Bench.Compare.Plan;

/// <summary>What a figure of Slowlane's should be.</summary>
/// <param name="Text">For readers.</param>
/// <param name="IsMet">Given the medians by figure; null when one is missing.</param>
internal sealed record Goal(string Text, Func<Func<string, double?>, bool?> IsMet);

/// <summary>A row of the table.</summary>
/// <param name="Key">Its name in the raw figures.</param>
/// <param name="Title">Its name for readers.</param>
/// <param name="Unit">Its unit; empty for a count.</param>
/// <param name="Goal">What Slowlane's should be, if anything.</param>
internal sealed record Figure(string Key, string Title, string Unit, Goal? Goal = null)
{
    /// <summary>All rows.</summary>
    /// <param name="size">How much of everything.</param>
    /// <param name="cores">How many cores compute.</param>
    public static IReadOnlyList<Figure> All(Size size, int cores)
    {
        var ideal = size.Ideal(cores).TotalSeconds;
        return
        [
            new("idle.health.p50", "health, idle, p50", "ms"),
            new("idle.health.p99", "health, idle, p99", "ms"),
            new("idle.post.p50", "POST, idle, p50", "ms"),
            new("idle.post.p99", "POST, idle, p99", "ms"),
            new("gap.p50", "from POST to row, 0 ms jobs, idle, p50", "ms", AtMost("gap.p50", 25)),
            new("gap.p99", "from POST to row, 0 ms jobs, idle, p99", "ms"),
            new("load.health.p50", "health, loaded, p50", "ms"),
            new("load.health.p99", "health, loaded, p99", "ms", Calm("health", 4.4)),
            new("load.post.p50", "POST, loaded, p50", "ms"),
            new("load.post.p99", "POST, loaded, p99", "ms", Calm("post", 8)),
            new("makespan", FormattableString.Invariant($"makespan of {size.LongJobs} × {size.Long.TotalMilliseconds} ms, ideal {ideal:0.0#}"), "s", AtMost("makespan", 1.02 * ideal)),
            new("makespan.least", "the least busy core's worker, of an even share", "%"),
            new("short.jobs", FormattableString.Invariant($"1 ms jobs done, {size.ShortClients} callers"), "/s", AtLeast("short.jobs", 2000)),
            new("short.posts", FormattableString.Invariant($"1 ms jobs accepted, {size.ShortClients} callers"), "/s", AtLeast("short.posts", 1000)),
            new("crowd.jobs", FormattableString.Invariant($"1 ms jobs done, {size.CrowdClients} callers"), "/s", AtLeast("crowd.jobs", 2000)),
            new("crowd.posts", FormattableString.Invariant($"1 ms jobs accepted, {size.CrowdClients} callers"), "/s", AtLeast("crowd.posts", 1000)),
            new("crowd.empty", FormattableString.Invariant($"jobs without computation done, {size.CrowdClients} callers"), "/s"),
            new("batch.posts", "1 ms jobs accepted, 500 to a request", "/s", AtLeast("batch.posts", 5000)),
            new("batch.jobs", "1 ms jobs done, 500 to a request", "/s"),
            new("start.accepted", "from a start to the first 202", "s"),
            new("start.written", "from a start to the first row", "s"),
            new("apart.accepted", "a front alone: from its start to the first 202", "s"),
            new("apart.written", "workers alone: from their start to the first row", "s"),
            new("start.largest", "largest process, idle (PSS)", "MiB", AtMost("start.largest", 100)),
            new("start.memory", "all processes, idle (PSS)", "MiB"),
            new("memory.processes", "processes", ""),
            new("memory.own", "memory of these (PSS)", "MiB"),
            new("memory.broker", "memory of Redis or Azurite", "MiB"),
            new("kill.written", "written after kill -9 of all", "", AtLeast("kill.written", size.LongJobs)),
            new("kill.seconds", "from the kill to the last row", "s"),
            new("worker.written", "written after kill -9 of a worker", "", AtLeast("worker.written", size.LongJobs)),
            new("worker.seconds", "from the kill to the last row", "s", AtMost("worker.seconds", 30)),
            new("outage.under", "written of those under way at an outage", "", AtLeast("outage.under", size.LongJobs)),
            new("outage.meanwhile", "written of those sent during it", "", AtLeast("outage.meanwhile", size.LongJobs)),
            new("outage.seconds", "from its end to the last row", "s"),
        ];
    }

    // Calm under load: by itself, and beside what it is without.
    private static Goal Calm(string what, double bound) => new(
        FormattableString.Invariant($"≤ {bound:0.##} and ≤ 2 × idle"),
        median => median($"load.{what}.p99") is { } loaded && median($"idle.{what}.p99") is { } idle ? loaded <= bound && loaded <= 2 * idle : null);

    private static Goal AtMost(string key, double bound) => new(FormattableString.Invariant($"≤ {bound:0.##}"), median => median(key) is { } value ? value <= bound : null);

    private static Goal AtLeast(string key, double bound) => new(FormattableString.Invariant($"≥ {bound:#,0.##}"), median => median(key) is { } value ? value >= bound : null);
}
