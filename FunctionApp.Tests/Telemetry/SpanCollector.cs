using System.Collections.Concurrent;
using System.Diagnostics;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.Telemetry;

/// <summary>The ended spans of one trace. Other tests' are made too while this listens, and left aside.</summary>
internal sealed class SpanCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _spans = [];
    private readonly ActivityListener _listener;
    private readonly string _trace;

    public SpanCollector(string trace)
    {
        _trace = trace;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Slowlane" or InvocationSpan.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Ended,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>The spans of a name, once there are so many.</summary>
    public async Task<List<Activity>> EndedAsync(string name, int count)
    {
        List<Activity> Heard() => [.. _spans.Where(span => string.Equals(span.OperationName, name, StringComparison.Ordinal))];
        return await Eventually.SeesAsync(() => Task.FromResult(Heard()), heard => heard.Count >= count, $"{count} × {name}");
    }

    public IEnumerable<Activity> All => _spans;

    public void Dispose() => _listener.Dispose();

    private void Ended(Activity span)
    {
        if (string.Equals(span.TraceId.ToHexString(), _trace, StringComparison.Ordinal))
        {
            _spans.Enqueue(span);
        }
    }
}
