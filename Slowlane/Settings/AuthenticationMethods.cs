namespace Slowlane.Settings;

/// <summary>libpq's parameter <c>require_auth</c> in Npgsql's words. Pure.</summary>
internal static class AuthenticationMethods
{
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["password"] = "Password",
        ["md5"] = "MD5",
        ["gss"] = "GSS",
        ["sspi"] = "SSPI",
        ["scram-sha-256"] = "ScramSHA256",
        ["none"] = "None",
    };

    /// <summary>The bounds of the value, for the sentence that refuses one.</summary>
    public static string Choices { get; } = $"choose from {string.Join(", ", Known.Keys)}, separated by commas, and all of them or none with a '!' before it";

    /// <summary>The value in Npgsql's words; null if it is none of libpq's or of Npgsql's own.</summary>
    public static string? ToNpgsql(string value)
    {
        List<string> methods = [];
        foreach (var method in value.Split(',', StringSplitOptions.TrimEntries))
        {
            var not = method.StartsWith('!') ? "!" : "";
            var name = method[not.Length..];
            if (!Known.ContainsKey(name) && !Known.ContainsValue(name))
            {
                return null;
            }

            methods.Add(not + Known.GetValueOrDefault(name, name));
        }

        return methods.All(method => method.StartsWith('!') == methods[0].StartsWith('!')) ? string.Join(',', methods) : null;
    }
}
