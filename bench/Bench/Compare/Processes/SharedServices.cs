using System.Globalization;
using Npgsql;
using Slowlane.Bench.Compare.Plan;
using Slowlane.Bench.Facts;
using Slowlane.Bench.Hosts;
using Slowlane.LocalHost.Services;
using Slowlane.LocalHost.Settings;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Bench.Compare.Processes;

/// <summary>What all variants share: one PostgreSQL, and a folder that goes with the bench.</summary>
internal sealed class SharedServices : IAsyncDisposable
{
    private readonly string _folder;
    private readonly Action<string> _say;
    private DevelopmentServices? _database;
    private int _databases;

    private SharedServices(string folder, Action<string> say)
    {
        _folder = folder;
        _say = say;
    }

    /// <summary>Where a program that is published for the bench goes.</summary>
    public string Published => Path.Combine(_folder, "published");

    /// <summary>The server's maintenance database.</summary>
    public string Server { get; private set; } = "";

    public static async Task<SharedServices> StartAsync(Action<string> say, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-compare-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherExecute); // Under root, PostgreSQL runs as another user.
        }

        var services = new SharedServices(folder, say);
        try
        {
            await services.StartDatabaseAsync(cancellationToken);
            return services;
        }
        catch
        {
            await services.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the server on the data it has, and at the port it had.</summary>
    public async Task StartDatabaseAsync(CancellationToken cancellationToken)
    {
        // Not ephemeral: a server that waits for its disk, as one in production does.
        _database = await DevelopmentServices.StartAsync(new ServicesOptions { Storage = false, Folder = Path.Combine(_folder, "database"), Log = _say }, cancellationToken);
        if (Server.Length > 0 && !string.Equals(Server, _database.MaintenanceDatabase, StringComparison.Ordinal))
        {
            throw new CannotStartException("PostgreSQL could not have its port again, as another program took it meanwhile: run the comparison again.");
        }

        Server = _database.MaintenanceDatabase;
    }

    /// <summary>Stops the server as a restart does: connections are closed, transactions rolled back.</summary>
    public async Task StopDatabaseAsync()
    {
        if (_database is { } database)
        {
            _database = null;
            await database.DisposeAsync();
        }
    }

    /// <summary>The machine, and the server.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string>>> FactsAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(Server + ";Pooling=false");
        return await MachineFacts.ReadAsync(source, cancellationToken);
    }

    /// <summary>An Azurite of a variant's own.</summary>
    public Task<DevelopmentServices> StartStorageAsync(string folder, CancellationToken cancellationToken)
        => DevelopmentServices.StartAsync(new ServicesOptions { Database = false, Folder = folder, Log = _say }, cancellationToken);

    /// <summary>A new folder for one run of a variant.</summary>
    public string Folder(Variant variant) => Directory.CreateDirectory(Path.Combine(_folder, $"{variant.Name}-{Directory.GetDirectories(_folder).Length.ToString(CultureInfo.InvariantCulture)}")).FullName;

    /// <summary>A new database with the tables of the work: those of Slowlane's sample job, for all.</summary>
    public async Task<string> CreateDatabaseAsync(Variant variant, CancellationToken cancellationToken)
    {
        var name = $"{variant.Name.Replace('-', '_')}_{(++_databases).ToString(CultureInfo.InvariantCulture)}";
        await ExecuteAsync(Server, $"create database {name}", cancellationToken);
        var database = new NpgsqlConnectionStringBuilder(Server) { Database = name }.ConnectionString;
        await ExecuteAsync(database, await AppMigrations.Samples.ReadAsync("sample_spin", cancellationToken), cancellationToken);
        return database;
    }

    public static Uri UriOf(string database)
    {
        var parts = new NpgsqlConnectionStringBuilder(database);
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"postgresql://{parts.Username}:{parts.Password}@{parts.Host}:{parts.Port}/{parts.Database}"));
    }

    public async ValueTask DisposeAsync()
    {
        await StopDatabaseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task ExecuteAsync(string database, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await source.ExecuteAsync(sql, cancellationToken);
    }
}
