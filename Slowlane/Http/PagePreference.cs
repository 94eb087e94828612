using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Slowlane.Http;

/// <summary>Whether a caller prefers a page to JSON (<c>Accept</c>, RFC 9110, section 12.5.1).</summary>
internal static class PagePreference
{
    /// <summary>Reads the preference. It adds <c>Vary</c> to the response, because the response depends on it.</summary>
    public static bool Read(HttpRequest request)
    {
        request.HttpContext.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        return IsPage(request.Headers.Accept);
    }

    /// <summary>True if <c>text/html</c> has a higher quality than JSON. A header that can't be parsed prefers JSON. Pure.</summary>
    internal static bool IsPage(IList<string?> accept)
        => MediaTypeHeaderValue.TryParseStrictList(accept!, out var ranges) && Quality(ranges, "text", "html") > Quality(ranges, "application", "json");

    // The most specific range that fits decides.
    private static double Quality(IList<MediaTypeHeaderValue> ranges, string type, string subtype)
        => ranges.Select(range => (Fit: Fit(range, type, subtype), Quality: range.Quality ?? 1)).Where(range => range.Fit > 0).DefaultIfEmpty().MaxBy(range => range.Fit).Quality;

    private static int Fit(MediaTypeHeaderValue range, string type, string subtype) => range switch
    {
        { MatchesAllTypes: true } => 1,
        { MatchesAllSubTypes: true } when range.Type.Equals(type, StringComparison.OrdinalIgnoreCase) => 2,
        _ when range.Type.Equals(type, StringComparison.OrdinalIgnoreCase) && range.SubType.Equals(subtype, StringComparison.OrdinalIgnoreCase) => 3,
        _ => 0,
    };
}
