using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Slowlane.Jobs;
using Slowlane.Profiling;
using Slowlane.Samples.Spin;
using Slowlane.Storage;

namespace Slowlane.Bench;

/// <summary>The migrations of the app with its samples, as its registrations add them.</summary>
internal static class AppMigrations
{
    public static Migrator Of(NpgsqlDataSource source)
        => new(source, [new MigrationScripts(typeof(ProfileJob).Assembly), new MigrationScripts(typeof(SpinJob).Assembly)], NullLogger<Migrator>.Instance);
}
