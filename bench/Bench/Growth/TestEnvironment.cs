using Npgsql;
using Slowlane.Bench.Growth.Plans;
using Slowlane.LocalHost.Services;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Bench.Growth;

/// <summary>A PostgreSQL that waits for its disk, an Azurite, and the app's stores on them: once plain, once with every plan noted.</summary>
internal sealed class TestEnvironment : IAsyncDisposable
{
    private readonly string _folder;
    private readonly DevelopmentServices _services;
    private readonly NpgsqlDataSource _plain;
    private readonly NpgsqlDataSource _explained;

    private TestEnvironment(string folder, DevelopmentServices services)
    {
        _folder = folder;
        _services = services;
        Options = new SlowlaneOptions { Database = services.Database, Storage = services.Storage };
        _plain = Database.Open(Options);
        _explained = Plans.Explain(Options.Database);
        Timed = new Stores(_plain, Options);
        Explained = new Stores(_explained, Options);
    }

    public SlowlaneOptions Options { get; }

    public PlanLog Plans { get; } = new();

    public Stores Timed { get; }

    public Stores Explained { get; }

    public NpgsqlDataSource Source => _plain;

    /// <summary>For what the app itself doesn't ask.</summary>
    public Sql Sql => new(_plain);

    public static async Task<TestEnvironment> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("slowlane-growth-").FullName;
        try
        {
            var environment = new TestEnvironment(folder, await DevelopmentServices.StartAsync(new ServicesOptions { Folder = folder }, cancellationToken));
            await AppMigrations.Of(environment._plain).MigrateAsync(cancellationToken);
            return environment;
        }
        catch
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Timed.Dispose();
        Explained.Dispose();
        await _plain.DisposeAsync();
        await _explained.DisposeAsync();
        await _services.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
