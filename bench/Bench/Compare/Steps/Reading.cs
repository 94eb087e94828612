using Slowlane.Bench.Compare.Checks;
using Slowlane.Bench.Compare.Load;
using Slowlane.Bench.Statistics;

namespace Slowlane.Bench.Compare.Steps;

/// <summary>What one step of one run read, before it is judged.</summary>
internal sealed class Reading
{
    private readonly List<double> _lag = [];

    public Dictionary<string, double> Figures { get; } = new(StringComparer.Ordinal);

    /// <summary>Every job that the step sent.</summary>
    public List<Batch> Batches { get; } = [];

    /// <summary>The driver's own delay in milliseconds, 99 of 100 requests; null where latency isn't measured.</summary>
    public double? LagP99 => _lag.Count == 0 ? null : Percentile.Of(_lag, 0.99);

    /// <summary>When something was broken, or was whole again if it was away for a while; null where nothing is broken.</summary>
    public DateTimeOffset? Fault { get; init; }

    /// <summary>Whether what brings jobs back was killed, too.</summary>
    public bool SweeperKilled { get; init; }

    /// <summary>How many of the requests whose latency is measured were answered with anything but a 2xx, or not at all: an error may be answered sooner than the work.</summary>
    public int Unsuccessful { get; private set; }

    /// <summary>Adds a flow's median and p99 in milliseconds, its lag to the driver's, and what was not answered with success.</summary>
    public void AddLatency(string name, Flow flow)
    {
        Figures[$"{name}.p50"] = Percentile.Of(flow.Samples.Select(sample => sample.Latency.TotalMilliseconds), 0.50);
        Figures[$"{name}.p99"] = Percentile.Of(flow.Samples.Select(sample => sample.Latency.TotalMilliseconds), 0.99);
        Unsuccessful += flow.Samples.Count(sample => !sample.IsSuccess);
        _lag.AddRange(flow.Samples.Select(sample => sample.Lag.TotalMilliseconds));
    }
}
