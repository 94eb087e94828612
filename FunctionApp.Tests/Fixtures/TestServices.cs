using System.Globalization;
using Npgsql;
using Slowlane.LocalHost.Services;

namespace Slowlane.Tests.Fixtures;

/// <summary>PostgreSQL and Azurite, started once for the suite; its end stops them and deletes their data, however it ends.</summary>
internal static class TestServices
{
    /// <summary>Jobs may read what a test puts into the schema public of its database.</summary>
    public const string LetJobsRead = "alter default privileges in schema public grant select on tables to slowlane_job";

    private const int AccountCount = 500;
    private static readonly string Key = Convert.ToBase64String("a key for accounts of tests only"u8);
    private static readonly Lazy<Task<DevelopmentServices>> Services = new(StartAsync);
    private static int _accountsTaken;

    /// <summary>A connection string to the server's maintenance database.</summary>
    public static async Task<string> DatabaseAsync() => (await Services.Value).MaintenanceDatabase;

    /// <summary>A connection string to a storage account of the caller's own: its queues and blobs are nobody else's.</summary>
    public static async Task<string> StorageAsync()
    {
        var number = Interlocked.Increment(ref _accountsTaken);
        return number <= AccountCount
            ? (await Services.Value).StorageOf(Name(number), Key)
            : throw new InvalidOperationException($"All {AccountCount} storage accounts for tests are taken: make more of them here.");
    }

    private static string Name(int number) => "test" + number.ToString("0000", CultureInfo.InvariantCulture);

    private static async Task<DevelopmentServices> StartAsync()
    {
        var services = await DevelopmentServices.StartAsync(
            new ServicesOptions
            {
                Ephemeral = true,
                Accounts = Enumerable.Range(1, AccountCount).ToDictionary(Name, _ => Key, StringComparer.Ordinal),
                Log = Console.Error.WriteLine,
            },
            CancellationToken.None);
        await LetJobsReadAsync(services.MaintenanceDatabase);
        return services;
    }

    /// <summary>Jobs may read what a test puts into the schema public of its database: every database is a copy of this one.</summary>
    private static async Task LetJobsReadAsync(string server)
    {
        var template = new NpgsqlConnectionStringBuilder(server) { Database = "template1", Pooling = false };
        await using var source = NpgsqlDataSource.Create(template);
        await using var command = source.CreateCommand("create role slowlane_job nologin noinherit; " + LetJobsRead);
        await command.ExecuteNonQueryAsync();
    }
}
