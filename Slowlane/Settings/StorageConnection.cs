using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Slowlane.Settings;

/// <summary>
/// The storage account: a connection string, or the addresses of its services and the app's identity. The settings are those of the Functions
/// host's own connection, so that app and host use the same account in the same way.
/// </summary>
internal sealed partial class StorageConnection
{
    private const string Setting = "AzureWebJobsStorage";
    private static readonly string[] Places = ["accountName", "queueServiceUri", "blobServiceUri"];

    private readonly string? _connectionString;
    private readonly Uri? _queues;
    private readonly Uri? _blobs;

    private StorageConnection(string connectionString) => _connectionString = connectionString;

    private StorageConnection(Uri queues, Uri blobs, TokenCredential credential)
        => (_queues, _blobs, Credential) = (queues, blobs, credential);

    /// <summary>The app's identity. Null with a connection string, which contains a key.</summary>
    internal TokenCredential? Credential { get; }

    /// <summary>The account of a connection string.</summary>
    public static implicit operator StorageConnection(string connectionString) => FromString(connectionString);

    /// <summary>The account of a connection string.</summary>
    public static StorageConnection FromString(string connectionString) => new(connectionString);

    /// <summary>
    /// Reads <c>AzureWebJobsStorage</c>: a connection string, or the settings below it, which are <c>accountName</c>, or <c>queueServiceUri</c> and
    /// <c>blobServiceUri</c>.
    /// </summary>
    /// <exception cref="SettingException">Neither form is given, or both, or a value is invalid. The message names it and the remedy.</exception>
    public static StorageConnection From(IConfiguration configuration)
    {
        var section = configuration.GetSection(Setting);
        var parts = Places.Where(part => !string.IsNullOrWhiteSpace(section[part])).ToList();
        if (section.Value is { } connectionString && !string.IsNullOrWhiteSpace(connectionString))
        {
            return parts.Count == 0
                ? Checked(connectionString)
                : throw new SettingException(
                    $"The settings {Setting} and {Setting}__{parts[0]} are both set, and may mean two accounts; delete {Setting} to use an identity, or {Setting}__{parts[0]} to use the connection string.");
        }

        if (parts.Count == 0)
        {
            throw new SettingException(
                $"The setting {Setting} is missing; set it to a storage account's connection string, or set {Setting}__accountName to the account's name to use an identity.");
        }

        return new StorageConnection(
            Service(section, "queue"), Service(section, "blob"), IdentitySettings.Credential(Setting, section["credential"], section["clientId"]));
    }

    internal QueueClient Queue(string name, QueueClientOptions options) => Open(
        () => _connectionString is null ? new QueueClient(Within(_queues!, name), Credential, options) : new(_connectionString, name, options),
        client => client.Uri,
        options);

    internal BlobContainerClient Container(string name, BlobClientOptions options) => Open(
        () => _connectionString is null ? new BlobContainerClient(Within(_blobs!, name), Credential, options) : new(_connectionString, name, options),
        client => client.Uri,
        options);

    /// <summary>Opens a client, and opens it again if its address asks for another transport.</summary>
    private static T Open<T>(Func<T> open, Func<T, Uri> address, ClientOptions options)
    {
        var client = open();
        return LoopbackTransport.IsChosen(address(client), options) ? open() : client;
    }

    private static StorageConnection Checked(string connectionString)
        => HasServices(connectionString)
            ? new StorageConnection(connectionString)
            : throw new SettingException(
                $"The setting {Setting} is no connection string of an account with queues and blobs; copy the account's own from the Portal (DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net), set it to UseDevelopmentStorage=true for Azurite, or delete it and set {Setting}__accountName to use an identity.");

    private static bool HasServices(string connectionString)
    {
        try
        {
            return (new QueueServiceClient(connectionString).Uri, new BlobServiceClient(connectionString).Uri) is (not null, not null);
        }
        catch (Exception error) when (error is FormatException or ArgumentException or NullReferenceException)
        {
            return false; // The client's own message is not passed on: it may quote a part of the key.
        }
    }

    private static Uri Service(IConfigurationSection section, string service)
    {
        var key = $"{service}ServiceUri";
        return (section[key], section["accountName"]) switch
        {
            ({ Length: > 0 } text, _) when Uri.TryCreate(text, UriKind.Absolute, out var uri) && string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) => uri,
            ({ Length: > 0 } text, _) => throw new SettingException(
                $"The setting {Setting}__{key} is '{text}'; set it to the service's https address, such as https://myaccount.{service}.core.windows.net."),
            (_, { Length: > 0 } account) when AccountName().IsMatch(account) => new Uri($"https://{account}.{service}.core.windows.net"),
            (_, { Length: > 0 } account) => throw new SettingException(
                $"The setting {Setting}__accountName is '{account}', which can't be an account's name: set it to the 3 to 24 lower-case letters and digits alone, without an address around them."),
            _ => throw new SettingException(
                $"The setting {Setting}__{key} is missing, the app needs both services; set it too, or {Setting}__accountName instead of addresses."),
        };
    }

    private static Uri Within(Uri service, string name) => new(service.AbsoluteUri.TrimEnd('/') + "/" + name);

    [GeneratedRegex(@"^[a-z0-9]{3,24}\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex AccountName();
}
