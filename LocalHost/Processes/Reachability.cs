using System.Net.Sockets;
using Slowlane.LocalHost.Http;

namespace Slowlane.LocalHost.Processes;

/// <summary>Checks ports.</summary>
internal static class Reachability
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <exception cref="CannotStartException">Another process listens on the port, on either loopback address.</exception>
    public static void RequireFree(int port) => LoopbackSockets.Listen(port).Dispose();

    /// <summary>Why a port can't be used.</summary>
    public static CannotStartException Refused(int port, SocketException error) => error.SocketErrorCode is SocketError.AccessDenied
        ? new($"Port {port} is not for ordinary users: choose one above 1023 with --port, or --port 0 for a free one.")
        : new($"Port {port} is in use: stop what listens there, or choose another with --port, or --port 0 for a free one.");

    /// <summary>Whether a server accepts connections at this address.</summary>
    public static async Task<bool> AnswersAsync(string host, int port, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Timeout);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, timeout.Token);
            return true;
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException or ArgumentOutOfRangeException)
        {
            return false;
        }
    }
}
