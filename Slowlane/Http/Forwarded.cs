using Microsoft.AspNetCore.Http;
using Slowlane.Settings;

namespace Slowlane.Http;

/// <summary>Reads the forwarded headers. An invalid value is ignored and never reflected.</summary>
internal static class Forwarded
{
    private const int MaxLength = 255;

    /// <summary>The base of the app's own paths: empty, scheme and host, a prefix, or all of them.</summary>
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

    /// <summary>A host name or an address, with or without a port. Refuses every character that ends the host of a URI or begins another component.</summary>
    private static bool IsHost(string host)
        => host.Length <= MaxLength
            && host.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']')
            && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var uri)
            && (host.Equals(uri.Authority, StringComparison.OrdinalIgnoreCase) || host.Equals($"{uri.Host}:{uri.Port}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Segments of unreserved characters. An empty segment would make <c>//somewhere.else</c>, and dots would leave the path.</summary>
    private static bool IsPrefix(string path)
        => path.Length is > 1 and <= MaxLength
            && path[0] == '/'
            && path[1..].Split('/').All(segment => segment is not ("" or "." or "..") && segment.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '~'));
}
