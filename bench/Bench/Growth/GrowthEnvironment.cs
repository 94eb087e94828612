using Npgsql;
using Slowlane.Bench.Growth.Plans;
using Slowlane.Bench.Hosts;
using Slowlane.Settings;
using Slowlane.Storage;
using Slowlane.Tests.Fixtures;

namespace Slowlane.Bench.Growth;

/// <summary>The app's stores on servers of their own: once plain, once with every plan noted.</summary>
internal sealed class GrowthEnvironment : IAsyncDisposable
{
    private readonly BenchServices _services;
    private readonly NpgsqlDataSource _explained;

    private GrowthEnvironment(BenchServices services)
    {
        _services = services;
        Options = new SlowlaneOptions { Database = services.Database, Storage = services.Storage };
        Source = Database.Open(Options);
        _explained = Plans.Explain(Options.Database);
        Timed = new Stores(Source, Options);
        Explained = new Stores(_explained, Options);
    }

    public SlowlaneOptions Options { get; }

    public PlanLog Plans { get; } = new();

    public Stores Timed { get; }

    public Stores Explained { get; }

    public NpgsqlDataSource Source { get; }

    public static async Task<GrowthEnvironment> StartAsync(CancellationToken cancellationToken)
    {
        var environment = new GrowthEnvironment(await BenchServices.StartDurableAsync(cancellationToken: cancellationToken));
        await AppMigrations.Of(environment.Source).MigrateAsync(cancellationToken);
        return environment;
    }

    public async ValueTask DisposeAsync()
    {
        Timed.Dispose();
        Explained.Dispose();
        await Source.DisposeAsync();
        await _explained.DisposeAsync();
        await _services.DisposeAsync();
    }
}
