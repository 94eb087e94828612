using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Slowlane.Storage;

namespace Slowlane.Http;

/// <summary>Validators of what a GET answers, and the condition <c>If-None-Match</c> (RFC 9110, sections 8.8.3 and 13.1.2).</summary>
internal static class EntityTag
{
    /// <summary>A strong validator: the bytes' own hash.</summary>
    public static string Of(ReadOnlySpan<byte> representation)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(representation, hash);
        return $"\"{Base64Url.EncodeToString(hash[..16])}\"";
    }

    /// <summary>
    /// A succeeded job's result is not written again, so its end stands for its bytes, and a caller who holds them costs no
    /// reading. Not the id alone: a job that a failover forgot may run anew.
    /// </summary>
    public static string OfResult(JobRow row) => string.Create(CultureInfo.InvariantCulture, $"\"{row.Id}-{row.FinishedAt?.UtcTicks:x}\"");

    /// <summary>Puts the validator on the answer; true when the caller holds what it stands for, so that 304 says it all.</summary>
    public static bool IsHeld(HttpRequest request, string tag)
    {
        request.HttpContext.Response.Headers.ETag = tag;
        return Matches(request.Headers.IfNoneMatch, tag);
    }

    /// <summary>True for <c>*</c> and for a list with the tag in it, weak or strong. A header that can't be read says nothing. Pure.</summary>
    internal static bool Matches(IList<string?> ifNoneMatch, string tag)
    {
        var current = EntityTagHeaderValue.Parse(tag);
        return EntityTagHeaderValue.TryParseStrictList(ifNoneMatch!, out var held)
            && held.Any(one => one.Equals(EntityTagHeaderValue.Any) || one.Compare(current, useStrongComparison: false));
    }
}
