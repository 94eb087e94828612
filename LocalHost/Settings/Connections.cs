using System.Data.Common;
using System.Globalization;
using Azure.Storage.Queues;

namespace Slowlane.LocalHost.Settings;

/// <summary>Reads the storage and database connections from the settings.</summary>
internal static class Connections
{
    public const string Storage = "AzureWebJobsStorage";
    public const string Database = "Slowlane:Database";

    /// <summary>Whether a connection is given, as a string or as separate settings such as <c>AzureWebJobsStorage__accountName</c>.</summary>
    public static bool IsGiven(string key, IReadOnlyDictionary<string, string?> settings) => settings.Any(setting =>
        !string.IsNullOrWhiteSpace(setting.Value)
        && (string.Equals(setting.Key, key, StringComparison.OrdinalIgnoreCase) || setting.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)));

    /// <summary>The address in a database connection string or URI, without its secrets. Null if it can't be determined.</summary>
    public static (string Host, int Port)? DatabaseEndpoint(string? connectionString)
    {
        if (connectionString?.Contains("://", StringComparison.Ordinal) is true)
        {
            return UriEndpoint(connectionString.Trim());
        }

        try
        {
            var keywords = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return Endpoint(Value(keywords, "Host") ?? Value(keywords, "Server"), Value(keywords, "Port") ?? "5432");
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static string? Value(DbConnectionStringBuilder keywords, string name) => keywords.TryGetValue(name, out var value) ? (string)value : null;

    // What is no name of a host may be the whole string in another form, with its password. A path is a Unix socket.
    private static (string Host, int Port)? Endpoint(string? host, string port)
        => Uri.CheckHostName(host) is not UriHostNameType.Unknown && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (host!, number) : null;

    // A parameter may name another host, and several hosts are no address.
    private static (string Host, int Port)? UriEndpoint(string text)
        => Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "postgresql" or "postgres")
            && Uri.CheckHostName(uri.Host) is not UriHostNameType.Unknown
            && !uri.Query.Contains("host=", StringComparison.Ordinal) && !uri.Query.Contains("port=", StringComparison.Ordinal)
            ? (uri.Host, uri.Port > 0 ? uri.Port : 5432)
            : null;

    /// <summary>The address in a storage connection string, without its secrets. Null if it can't be determined.</summary>
    public static (string Host, int Port)? StorageEndpoint(string? connectionString)
    {
        try
        {
            // Null for a string with only blobs. The app reports the missing part.
            return new QueueServiceClient(connectionString).Uri is { } uri ? (uri.Host, uri.Port) : null;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NullReferenceException)
        {
            return null;
        }
    }
}
