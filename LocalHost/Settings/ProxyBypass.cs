using System.Text.RegularExpressions;

namespace Slowlane.LocalHost.Settings;

/// <summary>
/// Excludes this machine from the HTTP proxy that the environment names, for this process with the platform's extensions and for its workers.
/// Servers elsewhere are still reached through the proxy.
/// </summary>
internal static partial class ProxyBypass
{
    private const string Lower = "no_proxy";
    private const string Upper = "NO_PROXY";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Extends <c>NO_PROXY</c>. HTTP clients read it once, so this call precedes them.</summary>
    /// <param name="settings">The settings of host and workers. They may name servers at other loopback addresses, and a <c>NO_PROXY</c>.</param>
    public static void Apply(IReadOnlyDictionary<string, string?> settings)
    {
        var given = settings.GetValueOrDefault(Upper);
        var (lower, upper) = Extended(Environment.GetEnvironmentVariable(Lower) ?? given, Environment.GetEnvironmentVariable(Upper) ?? given, settings.Values);
        Environment.SetEnvironmentVariable(Lower, lower);
        Environment.SetEnvironmentVariable(Upper, upper);
    }

    /// <summary>Both spellings, extended. Where one is given, the other has its names too, because clients prefer the lower one.</summary>
    public static (string Lower, string Upper) Extended(string? lower, string? upper, IEnumerable<string?> settings)
    {
        string[] hosts = [.. Loopback.Concat(LoopbackHosts(settings)).Distinct(StringComparer.OrdinalIgnoreCase)];
        return (With(string.IsNullOrWhiteSpace(lower) ? upper : lower, hosts), With(string.IsNullOrWhiteSpace(upper) ? lower : upper, hosts));
    }

    private static IEnumerable<string> LoopbackHosts(IEnumerable<string?> settings)
        => from setting in settings
           from match in Address().Matches(setting ?? "")
           let address = Uri.TryCreate(match.Value, UriKind.Absolute, out var uri) ? uri : null
           where address is { IsLoopback: true }
           select address.Host;

    private static string With(string? given, string[] hosts)
    {
        var names = (given ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', names.Concat(hosts.Except(names, StringComparer.OrdinalIgnoreCase)));
    }

    [GeneratedRegex("https?://[^;,/\\s]+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Address();
}
