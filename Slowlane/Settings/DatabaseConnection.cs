using Npgsql;

namespace Slowlane.Settings;

/// <summary>The setting <c>Slowlane:Database</c>: Npgsql's keywords, or a PostgreSQL URI. Pure.</summary>
internal static class DatabaseConnection
{
    /// <param name="text">The setting.</param>
    /// <param name="requireAuth">
    /// The environment variable <c>PGREQUIREAUTH</c>, in libpq's words. Npgsql reads it in words of its own alone, and only as it connects.
    /// </param>
    /// <returns>The connection string in Npgsql's keywords, in their canonical spelling.</returns>
    /// <exception cref="SettingException">The text can't be used. The message names the fault and no secret.</exception>
    public static string Read(string text, string? requireAuth = null)
    {
        try
        {
            var given = text.Trim();
            RequireNoOtherScheme(given);
            var builder = PostgresUri.HasScheme(given) ? PostgresParameters.ToNpgsql(PostgresUri.Parse(given)) : NpgsqlKeywords.Parse(given);
            if (requireAuth is { Length: > 0 } && !builder.Sets("Require Auth"))
            {
                builder.RequireAuth = AuthenticationMethods.ToNpgsql(requireAuth)
                    ?? throw new SettingException($"The environment variable PGREQUIREAUTH is '{requireAuth}'; {AuthenticationMethods.Choices}, or remove it.");
            }

            Check(builder);
            return builder.ConnectionString;
        }
        catch (FormatException fault)
        {
            throw new SettingException($"The setting Slowlane:Database {fault.Message}.");
        }
    }

    private static void RequireNoOtherScheme(string text)
    {
        if (!PostgresUri.HasScheme(text) && text.IndexOf("://", StringComparison.Ordinal) is > 0 and var scheme && !text[..scheme].Contains('=', StringComparison.Ordinal))
        {
            throw new FormatException("is a URI of another scheme; write postgresql://user:password@host:5432/database");
        }
    }

    private static void Check(NpgsqlConnectionStringBuilder builder)
    {
        if (builder.Host is not { Length: > 0 } host)
        {
            throw new FormatException("names no host; add Host=…");
        }

        if (host.Contains('=', StringComparison.Ordinal))
        {
            throw new FormatException("has a '=' in its host; write a ';' between keywords");
        }

        if (builder.Port > 65_535)
        {
            throw new FormatException("has a port that is no whole number from 1 to 65535");
        }

        RequireThatNpgsqlTakes(builder);
    }

    /// <summary>Npgsql checks when it builds a data source which keywords go together. Its messages name keywords.</summary>
    private static void RequireThatNpgsqlTakes(NpgsqlConnectionStringBuilder builder)
    {
        try
        {
            using var source = SeveralHosts.Build(new NpgsqlDataSourceBuilder(builder.ConnectionString));
        }
        catch (FormatException refusal)
        {
            throw new FormatException("has a host with a port that is no whole number; write Host=name:5432", refusal);
        }
        catch (Exception refusal) when (refusal is ArgumentException or NotSupportedException or InvalidOperationException)
        {
            throw new FormatException($"can't be used: {refusal.Message.ReplaceLineEndings(" ").TrimEnd('.')}", refusal);
        }
    }
}
