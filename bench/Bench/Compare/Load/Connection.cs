using System.Net;
using System.Net.Sockets;

namespace Slowlane.Bench.Compare.Load;

/// <summary>A connection with at most one request on its way.</summary>
internal sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly ResponseReader _reader = new();

    private Connection()
    {
    }

    public int Descriptor => (int)_socket.Handle;

    /// <summary>Whose request is on its way, which, when it was due and when it was sent.</summary>
    public (Flow Flow, int Number, long Due, long Sent) Under { get; private set; }

    /// <summary>Since when it has nothing to do.</summary>
    public long IdleSince { get; set; }

    public int Status => _reader.Status;

    /// <summary>A new connection, or null when nobody listens.</summary>
    public static Connection? Open(IPEndPoint address)
    {
        var connection = new Connection();
        try
        {
            connection._socket.Connect(address);
            return connection;
        }
        catch (SocketException)
        {
            connection.Dispose();
            return null;
        }
    }

    public bool TrySend(byte[] request, Flow flow, int number, long due, long now)
    {
        Under = (flow, number, due, now);
        _reader.Reset();
        try
        {
            return _socket.Send(request) == request.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Reads what is there. True when the response is whole, false when more must come, null when none will.</summary>
    public bool? Receive(Span<byte> buffer)
    {
        try
        {
            var count = _socket.Receive(buffer);
            return count == 0 ? null : _reader.Read(buffer[..count]);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose() => _socket.Dispose();
}
