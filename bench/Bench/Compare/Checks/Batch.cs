using Slowlane.Bench.Compare.Load;

namespace Slowlane.Bench.Compare.Checks;

/// <summary>Jobs of one flow, and the name under which they write.</summary>
internal sealed record Batch(string Name, Flow Flow)
{
    /// <summary>How many jobs each request carries.</summary>
    private int Each { get; init; } = 1;

    /// <summary>How many jobs were sent. To be read once the flow is done.</summary>
    public int Jobs => Flow.Samples.Count * Each;

    /// <summary>The numbers of the jobs that were accepted.</summary>
    public HashSet<int> Accepted => [.. Flow.Accepted.SelectMany(request => Enumerable.Range(request * Each, Each))];

    public static Batch Burst(string path, int count, TimeSpan spin) => Of((name, request) => Flow.Burst(count, request), path, spin);

    public static Batch Paced(string path, TimeSpan period, int count, TimeSpan spin, TimeSpan delay = default) => Of((name, request) => Flow.Paced(period, count, request, delay), path, spin);

    public static Batch Closed(string path, int clients, int count, TimeSpan spin) => Of((name, request) => Flow.Closed(clients, count, request), path, spin);

    /// <summary>Many jobs to a request.</summary>
    public static Batch Bundled(string path, int clients, int requests, int each, TimeSpan spin)
    {
        var name = Guid.NewGuid().ToString("n");
        return new Batch(name, Flow.Closed(clients, requests, request => Requests.Jobs(path, name, request * each, each, spin))) { Each = each };
    }

    private static Batch Of(Func<string, Func<int, byte[]>, Flow> flow, string path, TimeSpan spin)
    {
        var name = Guid.NewGuid().ToString("n");
        return new Batch(name, flow(name, job => Requests.Job(path, name, job, spin)));
    }
}
