using System.Diagnostics.Metrics;

namespace Slowlane.Telemetry;

/// <summary>The app's metrics, named by OpenTelemetry's conventions. Tag values are registered types and fixed words, so their number is small.</summary>
internal sealed class JobMetrics
{
    public const string Name = "Slowlane";

    // A job takes milliseconds to hours, and OpenTelemetry's default buckets for seconds end at ten.
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
    };

    private readonly Meter _meter;
    private readonly Counter<long> _submits;
    private readonly Histogram<double> _age;
    private readonly Counter<long> _attempts;
    private readonly Histogram<double> _compute;
    private readonly Counter<double> _cpu;
    private readonly Counter<long> _swept;

    public JobMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(Name);
        _submits = _meter.CreateCounter<long>("slowlane.submits", "{submit}", "Requests to accept a job, by answer.");
        _age = _meter.CreateHistogram("slowlane.queue.age", "s", "How long a job waited from when it could have run (its submit, or when its next attempt was due) to its claim.", tags: null, Seconds);
        _attempts = _meter.CreateCounter<long>("slowlane.attempts", "{attempt}", "Attempts, by outcome.");
        _compute = _meter.CreateHistogram("slowlane.compute.duration", "s", "How long a computation held its lane's thread.", tags: null, Seconds);
        _cpu = _meter.CreateCounter<double>("slowlane.compute.cpu_time", "s", "Processor time of the computations.");
        _swept = _meter.CreateCounter<long>("slowlane.sweep.jobs", "{job}", "Jobs that the sweep healed, by what it did.");
    }

    public void Submitted(string type, string answer) => _submits.Add(1, Type(type), new("slowlane.submit.answer", answer));

    // The age is not negative even if a front's clock runs ahead of the database's.
    public void Claimed(string type, TimeSpan waited) => _age.Record(Math.Max(0, waited.TotalSeconds), Type(type));

    public void Computed(string type, TimeSpan duration, TimeSpan? cpu)
    {
        _compute.Record(duration.TotalSeconds, Type(type));
        if (cpu is { } time)
        {
            _cpu.Add(time.TotalSeconds, Type(type));
        }
    }

    public void Attempted(string type, string outcome) => _attempts.Add(1, Type(type), new(Tracing.JobOutcome, outcome));

    public void Swept(string action, int jobs)
    {
        if (jobs > 0)
        {
            _swept.Add(jobs, new KeyValuePair<string, object?>("slowlane.sweep.action", action));
        }
    }

    /// <summary>Observes the number of lanes and of busy lanes at each collection.</summary>
    public void WatchLanes(int count, Func<int> busy)
    {
        _meter.CreateObservableUpDownCounter("slowlane.lanes.limit", () => count, "{lane}", "Lanes of this process.");
        _meter.CreateObservableUpDownCounter("slowlane.lanes.busy", busy, "{lane}", "Lanes that a job holds, while it fetches, computes and writes.");
    }

    /// <summary>Observes the number of busy lanes that compute partitions.</summary>
    public void WatchPartitionLanes(Func<int> busy)
        => _meter.CreateObservableUpDownCounter("slowlane.lanes.parts", busy, "{lane}", "Lanes that a part of a job holds, beside those of jobs.");

    private static KeyValuePair<string, object?> Type(string type) => new(Tracing.JobType, type);
}
