using System.Net;
using System.Net.Sockets;

namespace Slowlane.Bench.Hosts;

/// <summary>Ports of this machine's own address.</summary>
internal static class LoopbackPort
{
    /// <summary>One that nobody listens on.</summary>
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
