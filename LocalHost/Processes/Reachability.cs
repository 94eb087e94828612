using System.Net;
using System.Net.Sockets;

namespace Slowlane.LocalHost.Processes;

/// <summary>Looks at ports before they are relied on.</summary>
internal static class Reachability
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <exception cref="CannotStartException">Somebody else listens there.</exception>
    public static void RequireFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new CannotStartException(error.SocketErrorCode is SocketError.AccessDenied
                ? $"Port {port} is not for ordinary users: choose one above 1023 with --port, or --port 0 for a free one."
                : $"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.");
        }
    }

    /// <summary>Whether something accepts connections there.</summary>
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
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
