using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Tests.Telemetry;

/// <summary>What one app measures.</summary>
internal sealed class MetricCollector : IDisposable
{
    private readonly ConcurrentQueue<(string Figure, double Value)> _heard = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricCollector(SlowlaneApp app)
        : this(app.Services.GetRequiredService<IMeterFactory>())
    {
    }

    public MetricCollector(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Meter.Name is "Slowlane")
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Heard(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Heard(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Heard(instrument, value, tags));
        _listener.Start();
    }

    public IEnumerable<Instrument> Instruments => _instruments.Values;

    /// <summary>The measurements of a figure, named with its tags: <c>name a=b c=d</c>.</summary>
    public List<double> Of(string figure) => [.. _heard.Where(heard => string.Equals(heard.Figure, figure, StringComparison.Ordinal)).Select(heard => heard.Value)];

    /// <summary>The figure that is asked for now.</summary>
    public double Now(string figure)
    {
        _listener.RecordObservableInstruments();
        return Of(figure)[^1];
    }

    public void Dispose() => _listener.Dispose();

    private void Heard(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var (key, tag) in tags)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{name} {key}={tag}");
        }

        _heard.Enqueue((name, value));
    }
}
