using System.Globalization;
using Npgsql;

namespace Slowlane.Settings;

/// <summary>libpq's connection parameters in Npgsql's keywords. Pure.</summary>
internal static class PostgresParameters
{
    private static readonly Dictionary<string, Action<NpgsqlConnectionStringBuilder, string>> Known = new(StringComparer.Ordinal)
    {
        ["user"] = (builder, value) => builder.Username = value,
        ["password"] = (builder, value) => builder.Password = value,
        ["passfile"] = (builder, value) => builder.Passfile = value,
        ["dbname"] = (builder, value) => builder.Database = value,
        ["options"] = (builder, value) => builder.Options = value,
        ["application_name"] = (builder, value) => builder.ApplicationName = value,
        ["fallback_application_name"] = (builder, value) => builder.ApplicationName ??= value,
        ["client_encoding"] = (builder, value) => builder.ClientEncoding = value is "auto" ? null : value,
        ["connect_timeout"] = (builder, value) => builder.Timeout = Math.Max(0, Number("connect_timeout", value, 1024)), // 0 and less wait without end.
        ["keepalives"] = (builder, value) => builder.TcpKeepAlive = Choice("keepalives", value, ("1", true)), // The app needs them.
        ["keepalives_idle"] = (builder, value) => builder.TcpKeepAliveTime = Number("keepalives_idle", value, 32_767),
        ["keepalives_interval"] = (builder, value) => builder.TcpKeepAliveInterval = Number("keepalives_interval", value, 32_767),
        ["sslmode"] = (builder, value) => builder.SslMode = Choice(
            "sslmode",
            value,
            ("disable", SslMode.Disable),
            ("allow", SslMode.Allow),
            ("prefer", SslMode.Prefer),
            ("require", SslMode.Require),
            ("verify-ca", SslMode.VerifyCA),
            ("verify-full", SslMode.VerifyFull)),
        ["ssl"] = (builder, value) => builder.SslMode = Choice("ssl", value, ("true", SslMode.Require)), // What JDBC's URIs have.
        ["sslnegotiation"] = (builder, value) => builder.SslNegotiation = Choice(
            "sslnegotiation", value, ("postgres", SslNegotiation.Postgres), ("direct", SslNegotiation.Direct)),
        ["sslrootcert"] = (builder, value) => builder.RootCertificate = value,
        ["sslcert"] = (builder, value) => builder.SslCertificate = value,
        ["sslkey"] = (builder, value) => builder.SslKey = value,
        ["sslpassword"] = (builder, value) => builder.SslPassword = value,
        ["require_auth"] = (builder, value) => builder.RequireAuth = AuthenticationMethods.ToNpgsql(value)
            ?? throw new FormatException($"has require_auth={value}; {AuthenticationMethods.Choices}"),
        ["channel_binding"] = (builder, value) => builder.ChannelBinding = Choice(
            "channel_binding", value, ("disable", ChannelBinding.Disable), ("prefer", ChannelBinding.Prefer), ("require", ChannelBinding.Require)),
        ["gssencmode"] = (builder, value) => builder.GssEncryptionMode = Choice(
            "gssencmode", value, ("disable", GssEncryptionMode.Disable), ("prefer", GssEncryptionMode.Prefer), ("require", GssEncryptionMode.Require)),
        ["krbsrvname"] = (builder, value) => builder.KerberosServiceName = value,
        ["load_balance_hosts"] = (builder, value) => builder.LoadBalanceHosts = Choice("load_balance_hosts", value, ("disable", false), ("random", true)),
        ["target_session_attrs"] = (builder, value) => builder.TargetSessionAttributes = Choice(
            "target_session_attrs", value, [.. ((string[])["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]).Select(static word => (word, word))]),
    };

    /// <exception cref="FormatException">
    /// A parameter is unknown, or its value is out of bounds. The message is a predicate with the remedy, and quotes no secret.
    /// </exception>
    public static NpgsqlConnectionStringBuilder ToNpgsql(PostgresUri uri)
    {
        RefuseUnknown(uri.Query);
        var builder = new NpgsqlConnectionStringBuilder();
        var places = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in uri.Place.Concat(uri.Query).Where(static parameter => parameter.Value.Length > 0))
        {
            if (IsPlace(name))
            {
                places[name] = value;
            }
            else
            {
                Known[name](builder, value);
            }
        }

        PostgresHosts.Set(builder, places.GetValueOrDefault("host"), places.GetValueOrDefault("port"));
        UseSystemCertificates(builder);
        return builder;
    }

    private static bool IsPlace(string name) => name is "host" or "port";

    private static void RefuseUnknown(IReadOnlyList<KeyValuePair<string, string>> query)
    {
        var isAfterSecret = false;
        foreach (var (name, _) in query)
        {
            if (!IsPlace(name) && !Known.ContainsKey(name))
            {
                // The name may be the rest of a password that has an '&'.
                throw new FormatException(isAfterSecret
                    ? "has an unknown parameter after a password; write an '&' of the password as %26, and delete what the app does not know"
                    : $"has the parameter '{name}', which the app does not know; delete it, or correct it to one of host, port, {string.Join(", ", Known.Keys)}");
            }

            isAfterSecret |= name is "password" or "sslpassword";
        }
    }

    /// <summary>The certificate authorities of the system are Npgsql's default, and for libpq they imply full verification.</summary>
    private static void UseSystemCertificates(NpgsqlConnectionStringBuilder builder)
    {
        if (builder.RootCertificate is not "system")
        {
            return;
        }

        builder.RootCertificate = null;
        if (!builder.ShouldSerialize("SSL Mode"))
        {
            builder.SslMode = SslMode.VerifyFull;
        }
        else if (builder.SslMode is not SslMode.VerifyFull)
        {
            throw new FormatException("has sslrootcert=system with a weaker sslmode; set sslmode=verify-full");
        }
    }

    private static int Number(string name, string value, int max)
        => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number <= max ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"has {name}={value}; choose a whole number of seconds up to {max}"));

    private static T Choice<T>(string name, string value, params ReadOnlySpan<(string Word, T Value)> words)
    {
        foreach (var (word, choice) in words)
        {
            if (string.Equals(word, value, StringComparison.Ordinal))
            {
                return choice;
            }
        }

        var allowed = new List<string>(words.Length);
        foreach (var (word, _) in words)
        {
            allowed.Add(word);
        }

        throw new FormatException($"has {name}={value}; choose {(allowed.Count == 1 ? allowed[0] : $"one of {string.Join(", ", allowed)}")}");
    }
}
