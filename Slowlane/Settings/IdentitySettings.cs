using Azure.Core;
using Azure.Identity;

namespace Slowlane.Settings;

/// <summary>Reads the app's identity for Azure's services from the settings of a connection. Pure.</summary>
internal static class IdentitySettings
{
    /// <summary>The managed identity if the settings request one. Otherwise the login of the environment or of the developer's tools.</summary>
    /// <param name="setting">The setting of the connection, for messages.</param>
    /// <param name="credential"><c>…__credential</c>: <c>managedidentity</c>, or nothing.</param>
    /// <param name="clientId"><c>…__clientId</c>: the user-assigned identity, or nothing for the system-assigned one.</param>
    /// <exception cref="SettingException">A value is invalid. The message names it and the remedy.</exception>
    public static TokenCredential Credential(string setting, string? credential, string? clientId)
    {
        if (clientId is { Length: > 0 } && !Guid.TryParseExact(clientId, "D", out _))
        {
            throw new SettingException($"The setting {setting}__clientId is '{clientId}'; set it to the identity's client id, a GUID, or delete it to use the app's system-assigned identity.");
        }

        var user = clientId is { Length: > 0 } ? clientId : null;
        return credential switch
        {
            null or "" => new DefaultAzureCredential(new DefaultAzureCredentialOptions { ManagedIdentityClientId = user }),
            _ when string.Equals(credential, "managedidentity", StringComparison.OrdinalIgnoreCase) => Managed(user),
            _ => throw new SettingException($"The setting {setting}__credential is '{credential}'; set it to managedidentity, or delete it to use what the environment offers (a developer's own login)."),
        };
    }

    /// <summary>A managed identity: the user-assigned one with this client id, or the system-assigned one.</summary>
    public static ManagedIdentityCredential Managed(string? clientId)
        => new(clientId is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(clientId));
}
