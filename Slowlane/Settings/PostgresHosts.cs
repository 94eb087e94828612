using System.Globalization;
using Npgsql;

namespace Slowlane.Settings;

/// <summary>libpq's parameters <c>host</c> and <c>port</c>, each one value or several with commas between, in Npgsql's keywords. Pure.</summary>
internal static class PostgresHosts
{
    private const int DefaultPort = 5432;
    private const string TargetSession = "Target Session Attributes";

    /// <exception cref="FormatException">Hosts or ports can't be used. The message is a predicate with the remedy.</exception>
    public static void Set(NpgsqlConnectionStringBuilder builder, string? host, string? port)
    {
        var ports = port?.Split(',').Select(Port).ToList() ?? [DefaultPort];
        var hosts = HostList.Of(host);
        if (hosts.Length == 0 || hosts.Any(string.IsNullOrWhiteSpace))
        {
            throw new FormatException("names no host; write it after the //, or the folder of a Unix socket as ?host=/var/run/postgresql");
        }

        if (ports.Count != 1 && ports.Count != hosts.Length)
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has {hosts.Length} hosts and {ports.Count} ports; give one port for all, or one for each host"));
        }

        if (hosts.Length > 1)
        {
            builder.Host = string.Join(',', hosts.Select((name, i) => Join(name, ports[ports.Count == 1 ? 0 : i])));
            return;
        }

        (builder.Host, builder.Port) = (hosts[0], ports[0]);
        builder.Remove(TargetSession); // Npgsql takes it for several hosts only. There is nothing to choose from here.
    }

    private static string Join(string host, int port)
        => string.Create(CultureInfo.InvariantCulture, $"{(host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host)}:{port}");

    // The text is not quoted: it may be a part of a password that has a ':' or a '/'.
    private static int Port(string text)
        => text.Length == 0 ? DefaultPort
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= 65_535 ? number
            : throw new FormatException("has a port that is no whole number from 1 to 65535; put an IPv6 address into [ ], and write a ':' of the password as %3A and its '/' as %2F");
}
