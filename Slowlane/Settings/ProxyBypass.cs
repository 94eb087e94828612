namespace Slowlane.Settings;

/// <summary>Excludes this machine from the HTTP proxy that the environment names. The host, storage and a collector may be on it.</summary>
internal static class ProxyBypass
{
    private const string Lower = "no_proxy";
    private const string Upper = "NO_PROXY";

    private static readonly string[] Loopback = ["localhost", "127.0.0.1", "[::1]"];

    /// <summary>Extends <c>NO_PROXY</c> of this process. HTTP clients read it once, so this call precedes them.</summary>
    public static void ExcludeLoopback()
    {
        var (lower, upper) = Extended(Environment.GetEnvironmentVariable(Lower), Environment.GetEnvironmentVariable(Upper));
        Environment.SetEnvironmentVariable(Lower, lower);
        Environment.SetEnvironmentVariable(Upper, upper);
    }

    /// <summary>Both spellings with the names of this machine. Where one is given, the other has its names too, because clients prefer the lower one.</summary>
    public static (string Lower, string Upper) Extended(string? lower, string? upper)
        => (With(string.IsNullOrWhiteSpace(lower) ? upper : lower), With(string.IsNullOrWhiteSpace(upper) ? lower : upper));

    private static string With(string? given)
    {
        var names = (given ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return string.Join(',', names.Concat(Loopback.Except(names, StringComparer.OrdinalIgnoreCase)));
    }
}
