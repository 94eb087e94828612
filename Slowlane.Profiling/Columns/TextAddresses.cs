using System.Buffers;
using System.Text;

namespace Slowlane.Profiling.Columns;

/// <summary>Recognizes e-mail addresses, URLs and addresses of IPv4, by their form alone. Pure.</summary>
internal static class TextAddresses
{
    private const int MostLocal = 64;
    private const int MostLabel = 63;

    private static readonly SearchValues<byte> NotLocal = SearchValues.Create("()<>[]:;,\\\""u8);

    private static readonly string[] Schemes = ["https://", "http://", "ftp://"];

    /// <summary>A name, @, and a domain of at least two labels: jane.doe+news@mail.example.com.</summary>
    public static bool IsEmail(ReadOnlySpan<byte> text)
        => text.IndexOf((byte)'@') is var at and > 0 and <= MostLocal && IsLocal(text[..at]) && IsDomain(text[(at + 1)..]);

    /// <summary>https://, http:// or ftp://, a host, and no white space.</summary>
    public static bool IsUrl(ReadOnlySpan<byte> text)
    {
        foreach (var scheme in Schemes)
        {
            if (text.Length > scheme.Length && Ascii.EqualsIgnoreCase(text[..scheme.Length], scheme))
            {
                return text[scheme.Length] is not ((byte)'/' or (byte)'?' or (byte)'#') && !text.ContainsAnyInRange((byte)0, (byte)' ');
            }
        }

        return false;
    }

    /// <summary>Four numbers up to 255: 192.168.0.1.</summary>
    public static bool IsIpv4(ReadOnlySpan<byte> text)
    {
        var numbers = 0;
        while (numbers < 4)
        {
            var end = text.IndexOf((byte)'.');
            var number = end < 0 ? text : text[..end];
            if (!IsOctet(number))
            {
                return false;
            }

            numbers++;
            if (end < 0)
            {
                return numbers == 4;
            }

            text = text[(end + 1)..];
        }

        return false;
    }

    private static bool IsOctet(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > 3 || text.ContainsAnyExceptInRange((byte)'0', (byte)'9') || (text.Length > 1 && text[0] == '0'))
        {
            return false;
        }

        return text.Length < 3 || text.SequenceCompareTo("255"u8) <= 0;
    }

    private static bool IsLocal(ReadOnlySpan<byte> text)
        => text[0] != '.' && text[^1] != '.' && !text.ContainsAnyInRange((byte)0, (byte)' ') && !text.ContainsAny(NotLocal);

    private static bool IsDomain(ReadOnlySpan<byte> text)
    {
        var labels = 1;
        for (var end = text.IndexOf((byte)'.'); end >= 0; end = text.IndexOf((byte)'.'))
        {
            if (!IsLabel(text[..end]))
            {
                return false;
            }

            text = text[(end + 1)..];
            labels++;
        }

        return labels > 1 && IsLabel(text) && text.Length > 1 && !char.IsAsciiDigit((char)text[0]);
    }

    private static bool IsLabel(ReadOnlySpan<byte> text)
    {
        if (text.Length is 0 or > MostLabel || text[0] == '-' || text[^1] == '-')
        {
            return false;
        }

        foreach (var value in text)
        {
            if (value < 0x80 && value != '-' && !char.IsAsciiLetterOrDigit((char)value))
            {
                return false;
            }
        }

        return true;
    }
}
