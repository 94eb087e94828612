using System.Net.Sockets;

namespace Slowlane.LocalHost.Processes;

/// <summary>Checks whether servers answer.</summary>
internal static class Reachability
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

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
