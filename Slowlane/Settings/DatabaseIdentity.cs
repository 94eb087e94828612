using Azure.Core;
using Azure.Identity;
using Npgsql;

namespace Slowlane.Settings;

/// <summary>The app's Entra identity towards PostgreSQL: a token takes the password's place.</summary>
internal sealed class DatabaseIdentity
{
    private const string Setting = "Slowlane:DatabaseIdentity";

    /// <summary>What the token is for: Azure Database for PostgreSQL.</summary>
    private static readonly TokenRequestContext Scope = new(["https://ossrdbms-aad.database.windows.net/.default"]);

    private readonly TokenCredential _credential;

    internal DatabaseIdentity(TokenCredential credential) => _credential = credential;

    /// <summary>Reads the setting; null when it is not set. What the connection string says must go with it.</summary>
    /// <exception cref="InvalidOperationException">The value is none, or the connection string can't be used with an identity; the message says why and the remedy.</exception>
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
            _ => throw new InvalidOperationException(
                $"The setting {Setting} is '{setting}'; choose the client id (a GUID) of a user-assigned identity, 'system' for the app's system-assigned one, or 'default' for what the environment offers (a developer's own login)."),
        });
    }

    /// <summary>Has each new connection log in with a token.</summary>
    /// <remarks>
    /// Asked for at every connection and not at intervals: the credential keeps a token and knows when it expires, an
    /// interval would only guess. A token that was handed out from a cache may end sooner than a fresh one.
    /// </remarks>
    internal void ApplyTo(NpgsqlDataSourceBuilder builder) => builder.UsePasswordProvider(
        _ => _credential.GetToken(Scope, CancellationToken.None).Token,
        async (_, cancellationToken) => (await _credential.GetTokenAsync(Scope, cancellationToken)).Token);

    // The messages name keywords, never values: there may be a secret among them.
    private static void CheckConnection(NpgsqlConnectionStringBuilder given)
    {
        var wrong = given switch
        {
            { Password: { Length: > 0 } } => "has a Password; delete it, the identity's token takes its place",
            { Username: null or "" } => "has no Username; set it to the role that was made for the identity",
            { SslMode: not (SslMode.Require or SslMode.VerifyCA or SslMode.VerifyFull) } => "would send the token unencrypted; set SSL Mode=VerifyFull",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new InvalidOperationException($"{Setting} is set, but the connection string Slowlane:Database {wrong}.");
        }
    }
}
