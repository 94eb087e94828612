using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Slowlane.Http;

/// <summary>A content coding that the app reads (RFC 9110, section 8.4.1).</summary>
internal enum ContentCoding
{
    /// <summary><c>gzip</c> or <c>x-gzip</c> (RFC 1952).</summary>
    Gzip,

    /// <summary><c>deflate</c>: the zlib format (RFC 1950), not bare deflate data.</summary>
    Deflate,

    /// <summary><c>br</c> (RFC 7932).</summary>
    Brotli,
}

/// <summary>Reads the header <c>Content-Encoding</c> (RFC 9110, section 8.4). Pure.</summary>
internal static class ContentCodings
{
    /// <summary>What the app reads, as <c>Accept-Encoding</c> lists it.</summary>
    public const string Accepted = "gzip, deflate, br";

    /// <summary>The maximum number of codings of one body. A second one saves little, and each costs a pass over the body.</summary>
    public const int MaxCount = 4;

    /// <summary>The codings in the order in which they are undone, or why they can't be.</summary>
    public static (IReadOnlyList<ContentCoding> Codings, string? Fault) Read(StringValues header)
    {
        if (header.Count == 0)
        {
            return ([], null);
        }

        var names = header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        if (names.Count > MaxCount)
        {
            return ([], string.Create(CultureInfo.InvariantCulture, $"The Content-Encoding has {names.Count} codings; the most is {MaxCount}, compress the body once."));
        }

        var codings = new List<ContentCoding>(names.Count);
        foreach (var name in names)
        {
            if (!IsIdentity(name))
            {
                if (Of(name) is not { } coding)
                {
                    return ([], $"The Content-Encoding is '{Problem.Shorten(name)}'; send one of {Accepted}, or the body as it is.");
                }

                codings.Add(coding);
            }
        }

        codings.Reverse(); // The header lists them in the order in which they were applied.
        return (codings, null);
    }

    private static bool IsIdentity(string name) => name.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static ContentCoding? Of(string name) => name.ToUpperInvariant() switch
    {
        "GZIP" or "X-GZIP" => ContentCoding.Gzip,
        "DEFLATE" => ContentCoding.Deflate,
        "BR" => ContentCoding.Brotli,
        _ => null,
    };
}
