using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage.Connections;

/// <summary>Settings that depend on the kind and the number of the servers. Pure.</summary>
internal static class ConnectionHosts
{
    /// <summary>Adds them where the connection string leaves them open.</summary>
    public static void Prepare(NpgsqlConnectionStringBuilder builder)
    {
        var hosts = HostList.Of(builder.Host ?? "");
        KeepAlive(builder, hosts);

        // The engine writes, so of several servers it needs the one that takes writes. PGTARGETSESSIONATTRS may name another.
        if (hosts.Length > 1 && !builder.Sets("Target Session Attributes"))
        {
            builder.TargetSessionAttributes = "primary";
        }
    }

    // Without a time limit on statements, TCP keep-alive must detect a dead connection: after 30 s and a few unanswered probes. A Unix socket
    // refuses the times, and they are the same for every host of a list. With a socket among them the probes come at the system's own times.
    private static void KeepAlive(NpgsqlConnectionStringBuilder builder, string[] hosts)
    {
        builder.TcpKeepAlive = !hosts.All(IsSocket);
        if (hosts.Any(IsSocket))
        {
            (builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (0, 0); // Given ones too: Npgsql has one time for all hosts, and a socket refuses it.
        }
        else if (!builder.Sets("TCP Keepalive Time"))
        {
            (builder.TcpKeepAliveTime, builder.TcpKeepAliveInterval) = (30, 5);
        }
    }

    // As Npgsql decides: the folder of a socket, or the name of an abstract one.
    private static bool IsSocket(string host) => Path.IsPathRooted(host) || host.StartsWith('@');
}
