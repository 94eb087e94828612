using System.Net;
using System.Net.Sockets;
using Slowlane.LocalHost.Settings;

namespace Slowlane.LocalHost.Http;

/// <summary>Sockets that listen on one port of every loopback address. A caller's "localhost" may be 127.0.0.1 or ::1.</summary>
internal sealed class LoopbackSockets : IDisposable
{
    /// <summary>How many free ports are tried. A port that is free on one address may be taken on the other.</summary>
    private const int Tries = 100;

    private readonly List<Socket> _sockets = [];

    private LoopbackSockets()
    {
    }

    /// <summary>The addresses that listen, all with the same port.</summary>
    public IEnumerable<IPEndPoint> Addresses => _sockets.Select(static socket => (IPEndPoint)socket.LocalEndPoint!);

    public int Port => Addresses.First().Port;

    /// <summary>Listens on both loopback addresses. On the IPv4 address alone, if this machine has no IPv6.</summary>
    /// <param name="port">The port. 0 takes one that is free on both.</param>
    /// <exception cref="CannotStartException">The port is in use on one of the addresses, or not for this user.</exception>
    public static LoopbackSockets Listen(int port) => Listen(port, IPAddress.Loopback, IPAddress.IPv6Loopback);

    internal static LoopbackSockets Listen(int port, params IReadOnlyList<IPAddress> addresses)
    {
        for (var tries = 1; ; tries++)
        {
            var sockets = new LoopbackSockets();
            try
            {
                foreach (var address in addresses)
                {
                    sockets.Add(new IPEndPoint(address, sockets._sockets.Count == 0 ? port : sockets.Port));
                }

                return sockets;
            }
            catch (SocketException error)
            {
                sockets.Dispose();
                if (port != 0 || tries == Tries || error.SocketErrorCode is not SocketError.AddressAlreadyInUse)
                {
                    throw Refused(port, error);
                }
            }
        }
    }

    /// <exception cref="CannotStartException">Another process listens on the port, on either loopback address.</exception>
    public static void RequireFree(int port) => Listen(port).Dispose();

    /// <summary>Hands over the socket of an address.</summary>
    public Socket Take(EndPoint address)
    {
        var socket = _sockets.Find(socket => address.Equals(socket.LocalEndPoint))!;
        _sockets.Remove(socket);
        return socket;
    }

    public void Dispose()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _sockets.Clear();
    }

    private static CannotStartException Refused(int port, SocketException error) => error.SocketErrorCode is SocketError.AccessDenied
        ? new($"Port {port} is not for ordinary users: choose one above 1023 with --port, or --port 0 for a free one.")
        : new($"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.");

    private void Add(IPEndPoint endpoint)
    {
        try
        {
            _sockets.Add(Open(endpoint));
        }
        catch (SocketException error) when (_sockets.Count > 0 && error.SocketErrorCode is (SocketError.AddressNotAvailable or SocketError.AddressFamilyNotSupported))
        {
            // This machine has no IPv6, or it is switched off.
        }
    }

    // It listens at once: a second socket could still bind to the address of one that doesn't.
    private static Socket Open(IPEndPoint endpoint)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endpoint);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
