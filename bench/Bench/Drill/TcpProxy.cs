using System.Net;
using System.Net.Sockets;
using Slowlane.Bench.Hosts;

namespace Slowlane.Bench.Drill;

/// <summary>A line to a server that can be cut: bytes go through, or connections are reset and refused.</summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly int _server;
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _sockets = [];
    private TcpListener? _listener;
    private int _cuts;

    public TcpProxy(int server)
    {
        _server = server;
        Port = AppCluster.FreePort();
        Open();
    }

    /// <summary>Where clients connect.</summary>
    public int Port { get; }

    /// <summary>Cuts the line for a while. Cuts may overlap: the last one to end opens it again.</summary>
    public async Task CutAsync(TimeSpan duration)
    {
        lock (_gate)
        {
            if (_cuts++ == 0)
            {
                Close();
            }
        }

        await Task.Delay(duration);
        lock (_gate)
        {
            if (--_cuts == 0)
            {
                Open();
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _cuts++;
            Close();
        }

        return ValueTask.CompletedTask;
    }

    private void Open()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start(512);
        _ = AcceptAsync(_listener);
    }

    private void Close()
    {
        _listener?.Dispose();
        foreach (var socket in _sockets)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0); // A reset, not a polite end.
            socket.Dispose();
        }

        _sockets.Clear();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = CarryAsync(await listener.AcceptSocketAsync(), listener);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task CarryAsync(Socket client, TcpListener listener)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _server);
            if (Keep(client, server, listener))
            {
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
        }
        catch (SocketException)
        {
            // The server is down: so is its line.
        }
        finally
        {
            Drop(client, server);
        }
    }

    /// <summary>False when the line was cut while this connection was being made.</summary>
    private bool Keep(Socket client, Socket server, TcpListener listener)
    {
        lock (_gate)
        {
            return _cuts == 0 && ReferenceEquals(listener, _listener) && _sockets.Add(client) && _sockets.Add(server);
        }
    }

    private void Drop(Socket client, Socket server)
    {
        lock (_gate)
        {
            _sockets.Remove(client);
            _sockets.Remove(server);
        }

        client.Dispose();
        server.Dispose();
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            for (int count; (count = await from.ReceiveAsync(buffer)) > 0;)
            {
                await to.SendAsync(buffer.AsMemory(0, count));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Its other end, or the line, is gone.
        }
    }
}
