using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slowlane.Http;

/// <summary>
/// A caller's own name for a job (draft-ietf-httpapi-idempotency-key-header). A repeated POST with the same key, type and body within
/// <see cref="Storage.IdempotencyStore.Kept"/> is the same job. The order of fields matters, layout does not.
/// </summary>
internal static class IdempotencyKey
{
    private const string Header = "Idempotency-Key";
    private const int MinLength = 8;
    private const int MaxLength = 255;

    /// <summary>Reads the key. It is null if there is none.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key, without the quotes of the draft's structured field.</param>
    /// <param name="fault">What is wrong with the key.</param>
    public static bool TryRead(HttpRequest request, out string? key, out string fault)
    {
        key = null;
        fault = "";
        var values = request.Headers[Header];
        if (values.Count == 0)
        {
            return true;
        }

        var value = values[0] ?? "";
        fault = values.Count > 1
            ? $"{Header} was sent {values.Count} times; send it once."
            : Fault(key = Unquote(value), isBare: !value.StartsWith('"'));
        return fault.Length == 0;
    }

    /// <summary>The name that identifies caller, type and key in storage. It reveals neither the function key nor the idempotency key.</summary>
    public static string NameOf(HttpRequest request, string type, string key)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in (ReadOnlySpan<string>)[Caller(request), type, key])
        {
            Append(hash, Encoding.UTF8.GetBytes(part));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // The length precedes each value, so that two different triples never produce the same bytes.
    private static void Append(IncrementalHash hash, byte[] part)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, part.Length);
        hash.AppendData(length);
        hash.AppendData(part);
    }

    /// <summary>The function key of the request, searched in the same places and the same order as the host does.</summary>
    private static string Caller(HttpRequest request)
        => request.Headers["x-functions-key"].ToString() is { Length: > 0 } key ? key : request.Query["code"].ToString();

    // The content of a quoted string (RFC 9651, section 3.3.3). Any other value is taken as it is, because most clients send it unquoted.
    private static string? Unquote(string value)
    {
        if (!value.StartsWith('"'))
        {
            return value;
        }

        var text = new StringBuilder(value.Length);
        for (var i = 1; i < value.Length; i++)
        {
            if (value[i] == '"')
            {
                return i == value.Length - 1 ? text.ToString() : null;
            }

            if (value[i] == '\\' && (++i == value.Length || value[i] is not ('"' or '\\')))
            {
                return null;
            }

            text.Append(value[i]);
        }

        return null;
    }

    private static string Fault(string? key, bool isBare) => key switch
    {
        null => $"{Header} begins with a quote but is not one quoted string; send \"key\" with both quotes and nothing after them, or the key alone.",
        { Length: < MinLength or > MaxLength } => $"{Header} has {key.Length} characters; send {MinLength} to {MaxLength}, a UUID say.",
        _ when isBare && key.Contains(',', StringComparison.Ordinal) => $"{Header} has a comma, which stands between two values that were joined on their way; send it once, a UUID say, or in quotes.",
        _ when key.AsSpan().ContainsAnyExceptInRange(' ', '~') => $"{Header} has a character that is not printable ASCII; send {MinLength} to {MaxLength} printable ones, a UUID say.",
        _ => "",
    };
}
