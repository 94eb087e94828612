namespace Slowlane.Settings;

/// <summary>Selects which headers to trust. A proxy reports in them how it was called.</summary>
/// <remarks>
/// By default none is trusted. Enable a header only if the outermost proxy sets it itself and drops the value that a caller sends. The app
/// can't check this by the address of the connection, because the Functions host stands between proxy and app. If several proxies add values,
/// the first value is that of the outermost proxy, which callers see.
/// </remarks>
[Flags]
internal enum ForwardedHeaders
{
    /// <summary>The headers are ignored and links are paths.</summary>
    None = 0,

    /// <summary><c>X-Forwarded-Proto</c>: <c>http</c> or <c>https</c>, for links with a host.</summary>
    Proto = 1,

    /// <summary><c>X-Forwarded-Host</c>: links contain scheme and host.</summary>
    Host = 2,

    /// <summary><c>X-Forwarded-Prefix</c>: a path that precedes every path of the app.</summary>
    Prefix = 4,
}

/// <summary>The setting <c>Slowlane:ForwardedHeaders</c>.</summary>
internal static class ForwardedHeadersSetting
{
    private const string Setting = "Slowlane:ForwardedHeaders";

    /// <summary>Reads the setting: a comma-separated list of the headers' names.</summary>
    /// <exception cref="SettingException">A name is unknown, or can't be used alone.</exception>
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
                _ => throw new SettingException($"The setting {Setting} has '{word}'; choose from Proto, Host and Prefix, with commas between, or leave it out."),
            };
        }

        return parts.HasFlag(ForwardedHeaders.Proto) && !parts.HasFlag(ForwardedHeaders.Host)
            ? throw new SettingException($"The setting {Setting} has 'Proto' without 'Host', which has no effect; choose both.")
            : parts;
    }
}
