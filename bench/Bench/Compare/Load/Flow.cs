using System.Diagnostics;

namespace Slowlane.Bench.Compare.Load;

/// <summary>Requests of one kind and when each is due. Paced: every period, whether or not answers came. Closed: as soon as one of the clients has its answer.</summary>
internal sealed class Flow
{
    private readonly Func<int, byte[]> _request;
    private readonly int _count;
    private readonly int _clients;
    private readonly long _delay;
    private readonly long _period;
    private readonly List<Sample> _samples = [];
    private volatile bool _ended;
    private long _start;
    private int _sent;

    private Flow(Func<int, byte[]> request, int count, TimeSpan delay, TimeSpan period, int clients)
    {
        _request = request;
        _count = count;
        _clients = clients;
        _delay = Ticks(delay);
        _period = Ticks(period);
        _samples.EnsureCapacity(Math.Min(count, 16_384));
    }

    /// <summary>What was answered, or wasn't, in the order in which that was known. To be read once the driver is done.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    /// <summary>The numbers of the requests that were answered with 202.</summary>
    public HashSet<int> Accepted => [.. _samples.Where(sample => sample.Status == 202).Select(sample => sample.Number)];

    /// <summary>True when nothing more is to be sent.</summary>
    public bool IsOver => _ended || _sent == _count;

    public static Flow Paced(TimeSpan period, int count, Func<int, byte[]> request, TimeSpan delay = default) => new(request, count, delay, period, int.MaxValue);

    /// <summary>All at once.</summary>
    public static Flow Burst(int count, Func<int, byte[]> request) => Paced(TimeSpan.Zero, count, request);

    public static Flow Closed(int clients, int count, Func<int, byte[]> request) => new(request, count, default, default, clients);

    /// <summary>Sends no more; from any thread.</summary>
    public void End() => _ended = true;

    public void Start(long now) => _start = now + _delay;

    /// <summary>When the next request is due, as a <see cref="Stopwatch"/> timestamp.</summary>
    public long DueAt(long now)
    {
        if (IsOver || _sent - _samples.Count >= _clients)
        {
            return long.MaxValue;
        }

        return _clients == int.MaxValue ? _start + (_sent * _period) : now;
    }

    public (int Number, byte[] Request) Take() => (_sent, _request(_sent++));

    public void Record(Sample sample) => _samples.Add(sample);

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
