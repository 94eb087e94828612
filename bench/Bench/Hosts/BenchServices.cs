using Npgsql;
using Slowlane.LocalHost.Services;

namespace Slowlane.Bench.Hosts;

/// <summary>PostgreSQL and Azurite for one run, with the folder of their data.</summary>
internal sealed class BenchServices : IAsyncDisposable
{
    private readonly DevelopmentServices _services;
    private readonly string? _folder;

    private BenchServices(DevelopmentServices services, string? folder)
    {
        _services = services;
        _folder = folder;
        Source = NpgsqlDataSource.Create(services.Database);
    }

    public NpgsqlDataSource Source { get; }

    /// <summary>The database, for a connection of one's own.</summary>
    public string Database => _services.Database;

    /// <summary>The database's address for other programs.</summary>
    public string DatabaseUri => _services.DatabaseUri;

    public string Storage => _services.Storage;

    /// <summary>A PostgreSQL that doesn't wait for its disk. The guard deletes the folder, however this process ends.</summary>
    public static async Task<BenchServices> StartEphemeralAsync(CancellationToken cancellationToken = default)
        => new(await DevelopmentServices.StartAsync(new ServicesOptions { Ephemeral = true }, cancellationToken), folder: null);

    /// <summary>A PostgreSQL that waits for its disk, as one in production does: it keeps what it committed when it is killed.</summary>
    /// <param name="storage">Whether Azurite is started, too.</param>
    /// <param name="say">Given what the servers say.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<BenchServices> StartDurableAsync(bool storage = true, Action<string>? say = null, CancellationToken cancellationToken = default)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-bench-").FullName;
        try
        {
            var options = new ServicesOptions { Storage = storage, Folder = folder, Log = say ?? (_ => { }) };
            return new BenchServices(await DevelopmentServices.StartAsync(options, cancellationToken), folder);
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await _services.DisposeAsync();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }
}
