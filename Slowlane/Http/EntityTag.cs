using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Entity tags of GET responses, and the condition <c>If-None-Match</c> (RFC 9110, sections 8.8.3 and 13.1.2).</summary>
internal static class EntityTag
{
    private static readonly string Version = typeof(EntityTag).Assembly.ManifestModule.ModuleVersionId.ToString("N")[..8];

    /// <summary>A strong validator: the hash of the bytes.</summary>
    public static string Of(ReadOnlySpan<byte> representation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(representation, hash);
        return $"\"{Base64Url.EncodeToString(hash[..16])}\"";
    }

    /// <summary>
    /// A strong validator of a result. A succeeded job's result never changes, so the time at which the job finished identifies its bytes, and
    /// a conditional request does not read them. The id alone is not enough: a job that a database failover lost may run again.
    /// </summary>
    public static string OfResult(JobRow row) => string.Create(CultureInfo.InvariantCulture, $"\"{row.Id}-{row.FinishedAt?.UtcTicks:x}\"");

    /// <summary>
    /// A strong validator of a result's page. A newer version of the app may write another page for the same result, so the validator names the version.
    /// </summary>
    public static string OfPage(JobRow row) => $"{OfResult(row)[..^1]}-{Version}\"";

    /// <summary>Sets the validator on the response. Returns true if the caller already has this representation and 304 is enough.</summary>
    public static bool Matches(HttpRequest request, string tag)
    {
        request.HttpContext.Response.Headers.ETag = tag;
        return Matches(request.Headers.IfNoneMatch, tag);
    }

    /// <summary>True for <c>*</c>, and for a list that contains the tag, weak or strong. A header that can't be parsed matches nothing. Pure.</summary>
    internal static bool Matches(IList<string?> ifNoneMatch, string tag)
    {
        var current = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseStrictList(ifNoneMatch!, out var held)
            && held.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(current, useStrongComparison: false));
    }
}
