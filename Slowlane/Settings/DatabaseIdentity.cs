using Azure.Core;
using Azure.Identity;
using Npgsql;

namespace Slowlane.Settings;

/// <summary>The app's Entra identity for PostgreSQL. A token replaces the password.</summary>
internal sealed class DatabaseIdentity
{
    private const string Setting = "Slowlane:DatabaseIdentity";

    /// <summary>The scope of the token: Azure Database for PostgreSQL.</summary>
    private static readonly TokenRequestContext Scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    private readonly TokenCredential _credential;

    internal DatabaseIdentity(TokenCredential credential) => _credential = credential;

    /// <summary>Reads the setting. Null if it is not set. The connection string, in Npgsql's keywords, must be compatible with an identity.</summary>
    /// <exception cref="SettingException">
    /// The value is invalid, or the connection string can't be used with an identity. The message gives the reason and the remedy.
    /// </exception>
    internal static DatabaseIdentity? From(string? setting, string connectionString)
    {
        if (setting is null or "")
        {
            return null;
        }

        CheckConnection(new NpgsqlConnectionStringBuilder(connectionString));
        return new DatabaseIdentity(setting switch
        {
            "system" => IdentitySettings.Managed(null),
            "default" => new DefaultAzureCredential(),
            _ when Guid.TryParseExact(setting, "D", out _) => IdentitySettings.Managed(setting),
            _ => throw new SettingException(
                $"The setting {Setting} is '{setting}'; choose the client id (a GUID) of a user-assigned identity, 'system' for the app's system-assigned one, or 'default' for what the environment offers (a developer's own login)."),
        });
    }

    /// <summary>Lets each new connection log in with a token.</summary>
    /// <remarks>
    /// The credential is called for each connection instead of at intervals. It caches its token and knows when the token expires, while an
    /// interval would be a guess: a token from the cache may expire sooner than a fresh one.
    /// </remarks>
    internal void ApplyTo(NpgsqlDataSourceBuilder builder) => builder.UsePasswordProvider(
        _ => _credential.GetToken(Scope, CancellationToken.None).Token,
        async (_, cancellationToken) => (await _credential.GetTokenAsync(Scope, cancellationToken)).Token);

    // The messages name keywords and never values, because a value may be a secret.
    private static void CheckConnection(NpgsqlConnectionStringBuilder given)
    {
        var wrong = given switch
        {
            { Password: { Length: > 0 } } => "has a Password; delete it, the identity's token takes its place",
            { Username: null or "" } => "has no Username; set it to the role that was made for the identity",
            { SslMode: not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull) } => "would send the token unencrypted; set SSL Mode=VerifyFull, in a URI sslmode=verify-full",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new SettingException($"{Setting} is set, but the connection string Slowlane:Database {wrong}.");
        }
    }
}
