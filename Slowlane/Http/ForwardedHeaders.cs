using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>What to believe of the headers in which a proxy says how it was called.</summary>
/// <remarks>
/// Nothing by default. Switch a part on only when the outermost proxy sets that header itself and drops what callers send:
/// the function host stands between proxy and app, so the connection's address can't tell one from the other. Where several
/// proxies add a value each, the first is the outermost one's, which is what callers see.
/// </remarks>
[Flags]
public enum ForwardedHeaders
{
    /// <summary>The headers are ignored; links are paths.</summary>
    None = 0,

    /// <summary><c>X-Forwarded-Proto</c>: <c>http</c> or <c>https</c>, for links with a host.</summary>
    Proto = 1,

    /// <summary><c>X-Forwarded-Host</c>: links get scheme and host.</summary>
    Host = 2,

    /// <summary><c>X-Forwarded-Prefix</c>: a path in front of all others.</summary>
    Prefix = 4,
}

/// <summary>Reads the forwarded headers. A value that is not plainly one of its kind is ignored, never reflected.</summary>
internal static class Forwarded
{
    private const string Setting = "Slowlane:ForwardedHeaders";
    private const int MaxLength = 255;

    /// <summary>Reads the setting: a comma list of parts.</summary>
    /// <exception cref="InvalidOperationException">A word is not a part, or can't stand alone.</exception>
    public static ForwardedHeaders Parse(string? setting)
    {
        var parts = ForwardedHeaders.None;
        foreach (var word in (setting ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            parts |= word.ToUpperInvariant() switch
            {
                "PROTO" => ForwardedHeaders.Proto,
                "HOST" => ForwardedHeaders.Host,
                "PREFIX" => ForwardedHeaders.Prefix,
                _ => throw new InvalidOperationException($"The setting {Setting} has '{word}'; choose from Proto, Host and Prefix, with commas between, or leave it out."),
            };
        }

        return parts.HasFlag(ForwardedHeaders.Proto) && !parts.HasFlag(ForwardedHeaders.Host)
            ? throw new InvalidOperationException($"The setting {Setting} has 'Proto' without 'Host', which has no effect; choose both.")
            : parts;
    }

    /// <summary>What stands before the app's own paths: nothing, or scheme and host, a prefix, or all of them.</summary>
    public static string Base(HttpRequest request, ForwardedHeaders parts)
    {
        var prefix = parts.HasFlag(ForwardedHeaders.Prefix) && First(request, "X-Forwarded-Prefix").TrimEnd('/') is var path && IsPrefix(path) ? path : "";
        if (!parts.HasFlag(ForwardedHeaders.Host) || First(request, "X-Forwarded-Host") is not { Length: > 0 } host || !IsHost(host))
        {
            return prefix;
        }

        var proto = parts.HasFlag(ForwardedHeaders.Proto) ? First(request, "X-Forwarded-Proto") : "";
        return $"{Scheme(proto) ?? request.Scheme}://{host}{prefix}";
    }

    private static string First(HttpRequest request, string header)
    {
        var value = request.Headers[header] is [{ } first, ..] ? first : "";
        return value.Split(',', 2)[0].Trim();
    }

    private static string? Scheme(string proto)
        => proto.Equals("https", StringComparison.OrdinalIgnoreCase) ? "https"
            : proto.Equals("http", StringComparison.OrdinalIgnoreCase) ? "http"
            : null;

    /// <summary>A name or an address, with a port or without: nothing that ends a host in a URI or begins something else.</summary>
    private static bool IsHost(string host)
        => host.Length <= MaxLength
            && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']')
            && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri)
            && (host.Equals(uri.Authority, StringComparison.OrdinalIgnoreCase) || host.Equals($"{uri.Host}:{uri.Port}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Segments of unreserved characters. An empty one would make <c>//somewhere.else</c>, dots would climb.</summary>
    private static bool IsPrefix(string path)
        => path.Length is > 1 and <= MaxLength
            && path[0] == '/'
            && path[1..].Split('/').All(segment => segment is not ("" or "." or "..") && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '~'));
}
