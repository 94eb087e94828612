namespace Slowlane.Settings;

/// <summary>What to believe of the headers in which a proxy says how it was called.</summary>
/// <remarks>
/// Nothing by default. Switch a part on only when the outermost proxy sets that header itself and drops what callers send:
/// the function host stands between proxy and app, so the connection's address can't tell one from the other. Where several
/// proxies add a value each, the first is the outermost one's, which is what callers see.
/// </remarks>
[Flags]
internal enum ForwardedHeaders
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

/// <summary>The setting <c>Slowlane:ForwardedHeaders</c>.</summary>
internal static class ForwardedHeadersSetting
{
    private const string Setting = "Slowlane:ForwardedHeaders";

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
}
