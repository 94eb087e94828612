using Azure.Storage.Queues;
using Npgsql;

namespace Slowlane.LocalHost.Processes;

/// <summary>What the settings say about storage and database.</summary>
internal static class Connections
{
    public const string Storage = "AzureWebJobsStorage";
    public const string Database = "Slowlane:Database";

    /// <summary>Whether a connection is given, be it as a string or as parts, such as <c>AzureWebJobsStorage__accountName</c>.</summary>
    public static bool IsGiven(string key, IReadOnlyDictionary<string, string?> settings) => settings.Any(setting =>
        !string.IsNullOrWhiteSpace(setting.Value)
        && (string.Equals(setting.Key, key, StringComparison.OrdinalIgnoreCase) || setting.Key.StartsWith(key + ":", StringComparison.OrdinalIgnoreCase)));

    /// <summary>Where a database connection string leads, without its secrets; null when that can't be told.</summary>
    public static (string Host, int Port)? DatabaseEndpoint(string? connectionString)
    {
        try
        {
            var builder = new NpgsqlConnectionStringBuilder(connectionString);
            return builder.Host is { Length: > 0 } host && !host.Contains(',', StringComparison.Ordinal) && !host.StartsWith('/') ? (host, builder.Port) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Where a storage connection string leads, without its secrets; null when that can't be told.</summary>
    public static (string Host, int Port)? StorageEndpoint(string? connectionString)
    {
        try
        {
            return new QueueServiceClient(connectionString).Uri is { } uri ? (uri.Host, uri.Port) : null; // Of blobs alone: the app says what is missing.
        }
        catch (Exception error) when (error is ArgumentException or FormatException or NullReferenceException)
        {
            return null;
        }
    }
}
