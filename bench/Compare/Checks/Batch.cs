using Slowlane.Compare.Load;

namespace Slowlane.Compare.Checks;

/// <summary>Jobs of one flow, and the name under which they write.</summary>
internal sealed record Batch(string Name, Flow Flow)
{
    public static Batch Burst(string path, int count, TimeSpan spin) => Of((name, request) => Flow.Burst(count, request), path, spin);

    public static Batch Paced(string path, TimeSpan period, int count, TimeSpan spin, TimeSpan delay = default) => Of((name, request) => Flow.Paced(period, count, request, delay), path, spin);

    public static Batch Closed(string path, int clients, int count, TimeSpan spin) => Of((name, request) => Flow.Closed(clients, count, request), path, spin);

    private static Batch Of(Func<string, Func<int, byte[]>, Flow> flow, string path, TimeSpan spin)
    {
        var name = Guid.NewGuid().ToString("n");
        return new Batch(name, flow(name, job => Requests.Job(path, name, job, spin)));
    }
}
