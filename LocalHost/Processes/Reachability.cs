using System.Net;
using System.Net.Sockets;

namespace Slowlane.LocalHost.Processes;

/// <summary>Checks ports.</summary>
internal static class Reachability
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="CannotStartException">Another process listens on the port.</exception>
    public static void RequireFree(int port)
    {
        try
        {
            Listen(IPAddress.Loopback, port);
            if (Socket.OSSupportsIPv6)
            {
                Listen(IPAddress.IPv6Loopback, port); // "localhost" resolves to this address first, so callers would reach the other process.
            }
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.AddressNotAvailable)
        {
            // IPv6 is compiled in but switched off.
        }
        catch (SocketException error)
        {
            throw error.SocketErrorCode is SocketError.AccessDenied
                ? new CannotStartException($"Port {port} is not for ordinary users: choose one above 1023 with --port, or --port 0 for a free one.")
                : InUse(port);
        }
    }

    public static CannotStartException InUse(int port)
        => new($"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.");

    /// <summary>Whether a server accepts connections at this address.</summary>
    public static async Task<bool> AnswersAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, patience.Token);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }

    private static void Listen(IPAddress address, int port)
    {
        using var listener = new TcpListener(address, port);
        listener.Start();
    }
}
