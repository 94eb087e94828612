using System.Diagnostics;
using System.Net;

namespace Slowlane.Bench.Compare.Load;

/// <summary>Sends what flows have due, on one thread of its own before all others, and times the answers.</summary>
internal sealed class Driver : IDisposable
{
    /// <summary>Servers close idle connections; one that is about to be closed is not used.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    /// <summary>How often the driver looks whether a flow was ended.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>How long the last answers may take.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(90);

    private readonly IPEndPoint _address;
    private readonly Flow[] _flows;
    private readonly Stack<Connection> _idle = new();
    private readonly List<Connection> _busy = [];
    private readonly List<Connection> _ready = [];
    private readonly byte[] _buffer = new byte[65_536];

    private Driver(IPEndPoint address, Flow[] flows)
    {
        _address = address;
        _flows = flows;
    }

    /// <summary>How the driver's thread was put before others; empty before it ran.</summary>
    public static string Priority { get; private set; } = "";

    /// <summary>Returns when all that was sent is answered, or will not be.</summary>
    public static Task RunAsync(IPEndPoint address, CancellationToken cancellationToken, params Flow[] flows) => Task.Factory.StartNew(
        () =>
        {
            Priority = Kernel.Hurry();
            using var driver = new Driver(address, flows);
            driver.Run(cancellationToken);
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    public void Dispose()
    {
        foreach (var connection in _busy.Concat(_idle))
        {
            connection.Dispose();
        }
    }

    private void Run(CancellationToken cancellationToken)
    {
        var now = Stopwatch.GetTimestamp();
        foreach (var flow in _flows)
        {
            flow.Start(now);
        }

        for (var last = now; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var due = SendDue();
            now = Stopwatch.GetTimestamp();
            var over = Array.TrueForAll(_flows, flow => flow.IsOver);
            last = over ? last : now;
            if (over && (_busy.Count == 0 || Stopwatch.GetElapsedTime(last, now) > Timeout))
            {
                _busy.ForEach(connection => Record(connection, 0));
                return;
            }

            Kernel.Wait(_busy, Math.Min(due, now + (long)(Look.TotalSeconds * Stopwatch.Frequency)), _ready);
            _ready.ForEach(Receive);
        }
    }

    /// <summary>Sends all that is due, and returns when the next is.</summary>
    private long SendDue()
    {
        var next = long.MaxValue;
        foreach (var flow in _flows)
        {
            var now = Stopwatch.GetTimestamp();
            var due = flow.DueAt(now);
            for (; due <= now; due = flow.DueAt(now))
            {
                Send(flow, due, now);
                now = Stopwatch.GetTimestamp();
            }

            next = Math.Min(next, due);
        }

        return next;
    }

    // A job is sent once: sent again, it could run twice by the driver's doing.
    private void Send(Flow flow, long due, long now)
    {
        var (number, request) = flow.Take();
        var connection = Idle(now) ?? Connection.Open(_address);
        if (connection is not null && connection.TrySend(request, flow, number, due, Stopwatch.GetTimestamp()))
        {
            _busy.Add(connection);
            return;
        }

        connection?.Dispose();
        flow.Record(new Sample(number, Stopwatch.GetElapsedTime(due), Stopwatch.GetElapsedTime(due, now), 0));
    }

    private Connection? Idle(long now)
    {
        while (_idle.TryPop(out var connection))
        {
            if (Stopwatch.GetElapsedTime(connection.IdleSince, now) < Fresh)
            {
                return connection;
            }

            connection.Dispose();
        }

        return null;
    }

    private void Receive(Connection connection)
    {
        if (connection.Receive(_buffer) is not { } whole)
        {
            Record(connection, 0);
            _busy.Remove(connection);
            connection.Dispose();
        }
        else if (whole)
        {
            Record(connection, connection.Status);
            _busy.Remove(connection);
            connection.IdleSince = Stopwatch.GetTimestamp();
            _idle.Push(connection);
        }
    }

    private static void Record(Connection connection, int status)
    {
        var (flow, number, due, sent) = connection.Under;
        flow.Record(new Sample(number, Stopwatch.GetElapsedTime(due), Stopwatch.GetElapsedTime(due, sent), status));
    }
}
