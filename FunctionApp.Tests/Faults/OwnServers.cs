using System.Globalization;
using Azure;
using Azure.Storage.Queues;
using Npgsql;
using Slowlane.LocalHost.Services;
using Slowlane.Tests.Fixtures;
using Slowlane.Tests.LocalHost.Services;
using Xunit;

namespace Slowlane.Tests.Faults;

/// <summary>PostgreSQL and Azurite that nobody else uses, for tests that stop them.</summary>
public sealed class OwnServers : IAsyncLifetime
{
    private const int AccountCount = 20;
    private static readonly string Key = Convert.ToBase64String("a key for accounts of tests only"u8);

    private readonly string _folder = Directory.CreateTempSubdirectory("slowlane-fault-test-").FullName;
    private DevelopmentServices _services = null!;
    private int _databases;
    private int _accounts;
    private string _data = null!;

    /// <summary>Where PostgreSQL keeps its data.</summary>
    public string DataFolder => _data;

    // Not ephemeral: these must keep what they have committed.
    public async ValueTask InitializeAsync()
    {
        _services = await DevelopmentServices.StartAsync(
            new ServicesOptions { Folder = _folder, Accounts = Enumerable.Range(1, AccountCount).ToDictionary(Account, _ => Key, StringComparer.Ordinal) },
            CancellationToken.None);
        await using var source = NpgsqlDataSource.Create(_services.Database);
        await using var command = source.CreateCommand("show data_directory");
        _data = (string)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A new storage account's connection string.</summary>
    public string NewStorage() => _services.StorageOf(Account(++_accounts), Key);

    /// <summary>A new folder that goes with the servers.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;

    /// <summary>A new database's connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"fault{++_databases}");
        await using var source = NpgsqlDataSource.Create(_services.MaintenanceDatabase);
        await using var command = source.CreateCommand($"create database {name}");
        await command.ExecuteNonQueryAsync();
        return new NpgsqlConnectionStringBuilder(_services.Database) { Database = name }.ConnectionString;
    }

    /// <summary>Restarts PostgreSQL, with all connections cut: <c>-INT</c> as <c>pg_ctl restart -m fast</c>, <c>-QUIT</c> as <c>-m immediate</c>.</summary>
    public async Task RestartDatabaseAsync(string signal)
    {
        await (await StopDatabaseAsync(signal)).DisposeAsync();
    }

    /// <summary>Stops PostgreSQL until disposed. The guard would start it again at once: it is paused as long as the outage is to last.</summary>
    internal async Task<IAsyncDisposable> StopDatabaseAsync(string signal)
    {
        var guard = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder, "guard.pid")), CultureInfo.InvariantCulture);
        var database = ProcessTable.With(_data, "bin/postgres").Min(); // A session that just begins has its parent's command line.
        await ProcessTable.SignalAsync(guard, "-STOP");
        try
        {
            await ProcessTable.SignalAsync(database, signal);
            await Eventually.HoldsAsync(() => HasEnded(database));
        }
        catch
        {
            await ProcessTable.SignalAsync(guard, "-CONT");
            throw;
        }

        return new Afterwards(async () =>
        {
            await ProcessTable.SignalAsync(guard, "-CONT");
            await DatabaseAnswersAsync();
        });
    }

    /// <summary>Stops Azurite until disposed; it writes down what it holds.</summary>
    /// <remarks>Told to end, it closes its ports and then stays for the sake of its channel to the guard, who starts another once it is gone.</remarks>
    internal async Task<IAsyncDisposable> StopStorageAsync()
    {
        var storage = StorageProcess();
        var before = await TimesClosedAsync();
        await ProcessTable.SignalAsync(storage, "-TERM");
        await Eventually.HoldsAsync(async () => await TimesClosedAsync() > before);
        return new Afterwards(async () =>
        {
            await ProcessTable.SignalAsync(storage, "-KILL");
            await StorageAnswersAsync();
        });
    }

    private static string Account(int number) => string.Create(CultureInfo.InvariantCulture, $"fault{number:00}");

    private int StorageProcess() => Assert.Single(ProcessTable.With(_folder, "--queuePort"));

    // A zombie until the paused guard takes note.
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat")).Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task<int> TimesClosedAsync()
    {
        await using var log = new FileStream(Path.Combine(_folder, "azurite.log"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(log);
        return (await reader.ReadToEndAsync()).Split("Table service successfully closed").Length;
    }

    private Task StorageAnswersAsync() => Eventually.HoldsAsync(async () =>
    {
        try
        {
            return !await new QueueClient(_services.StorageOf(Account(1), Key), "nothing").ExistsAsync();
        }
        catch (Exception e) when (e is RequestFailedException or AggregateException)
        {
            return false;
        }
    });

    private async Task DatabaseAnswersAsync()
    {
        await using var source = NpgsqlDataSource.Create(_services.MaintenanceDatabase);
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync();
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    private sealed class Afterwards(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await end();
    }
}

/// <summary>One pair of servers for all tests that stop them, one after another.</summary>
[CollectionDefinition(nameof(OwnServers))]
public sealed class OwnServersDefinition : ICollectionFixture<OwnServers>;
