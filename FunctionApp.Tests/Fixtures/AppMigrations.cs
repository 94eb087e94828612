using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Samples.Spin;
using Slowlane.Storage.Connections;
using Slowlane.Storage.Schema;

namespace Slowlane.Tests.Fixtures;

/// <summary>The migrations of the app, as its registrations add them. The benches use them too.</summary>
internal static class AppMigrations
{
    public static readonly MigrationScripts Profile = new(typeof(ProfileJob).Assembly);
    public static readonly MigrationScripts Samples = new(typeof(SpinJob).Assembly, "Samples");

    public static Migrator Of(NpgsqlDataSource source, bool samples = true)
        => new(new DatabasePools(source, source), samples ? [Profile, Samples] : [Profile], NullLogger<Migrator>.Instance);
}
