namespace Slowlane.Settings;

/// <summary>A PostgreSQL connection URI, as libpq reads it. Pure.</summary>
/// <param name="Place">User, password, hosts, ports and database, by libpq's names. Several hosts or ports have commas between.</param>
/// <param name="Query">The query's parameters in their order. A later one overrides an earlier one and the place.</param>
internal sealed record PostgresUri(IReadOnlyList<KeyValuePair<string, string>> Place, IReadOnlyList<KeyValuePair<string, string>> Query)
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    /// <summary>Whether a text has the scheme of such a URI.</summary>
    public static bool HasScheme(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="FormatException">
    /// The text is no such URI. The message is a predicate with the remedy, and quotes nothing that may be part of a password.
    /// </exception>
    public static PostgresUri Parse(string text)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + "://".Length)..];
        var place = new List<KeyValuePair<string, string>>();

        // As in libpq: an '@' before the first '/' ends the credentials, so a password may hold any other character.
        if (rest.IndexOfAny(['@', '/']) is >= 0 and var end && rest[end] == '@')
        {
            var (user, password) = Cut(rest[..end], ':');
            AddGiven(place, "user", user);
            AddGiven(place, "password", password);
            rest = rest[(end + 1)..];
        }

        var (path, query) = Cut(rest, '?');
        var (hosts, database) = Cut(path, '/');
        AddHosts(place, hosts);
        AddGiven(place, "dbname", database);
        return new PostgresUri(place, [.. query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(Parameter)]);
    }

    private static void AddHosts(List<KeyValuePair<string, string>> place, string hosts)
    {
        if (hosts.Contains('@', StringComparison.Ordinal))
        {
            throw new FormatException("has an '@' in its host; write an '@' of the user or the password as %40");
        }

        var parts = hosts.Split(',').Select(HostAndPort).ToList();
        AddGiven(place, "host", Join(parts.Select(static part => part.Host)));
        AddGiven(place, "port", Join(parts.Select(static part => part.Port)));
    }

    private static (string Host, string Port) HostAndPort(string part)
    {
        if (!part.StartsWith('['))
        {
            return Cut(part, ':');
        }

        var (address, port) = Cut(part[1..], ']');
        return address.Length > 0 && part.Contains(']', StringComparison.Ordinal) && (port.Length == 0 || port[0] == ':')
            ? (address, port.TrimStart(':'))
            : throw new FormatException("has a '[' without an IPv6 address and a ']'; write it as [::1]:5432");
    }

    private static KeyValuePair<string, string> Parameter(string pair)
        => pair.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
            ? KeyValuePair.Create(Decode(pair[..equals]), Decode(pair[(equals + 1)..]))
            : throw new FormatException("has a parameter without a value; write name=value, with '&' between");

    private static void AddGiven(List<KeyValuePair<string, string>> place, string name, string text)
    {
        if (text.Length > 0)
        {
            place.Add(KeyValuePair.Create(name, Decode(text)));
        }
    }

    private static string Decode(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]) || (text[i + 1], text[i + 2]) == ('0', '0'))
            {
                throw new FormatException("has a '%' without two hexadecimal digits, or the code 00, after it; write a '%' as %25");
            }
        }

        return Uri.UnescapeDataString(text);
    }

    private static string Join(IEnumerable<string> parts)
    {
        var text = string.Join(',', parts);
        return text.Trim(',').Length == 0 ? "" : text;
    }

    private static (string Before, string After) Cut(string text, char separator)
        => text.IndexOf(separator, StringComparison.Ordinal) is >= 0 and var at ? (text[..at], text[(at + 1)..]) : (text, "");
}
