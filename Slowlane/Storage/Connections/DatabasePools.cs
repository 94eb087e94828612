using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage.Connections;

/// <summary>
/// The app's connections: some for the engine, some for jobs. They are no service of the app under <see cref="NpgsqlDataSource"/>: a job type
/// that asks for one would get connections that bypass the role of its SQL, and an app that adds its own would replace the engine's.
/// </summary>
internal sealed class DatabasePools(NpgsqlDataSource engine, NpgsqlDataSource jobs) : IAsyncDisposable, IDisposable
{
    /// <inheritdoc cref="ConnectionBudget.Engine"/>
    public NpgsqlDataSource Engine => engine;

    /// <inheritdoc cref="ConnectionBudget.Jobs"/>
    public NpgsqlDataSource Jobs => jobs;

    /// <summary>Creates both pools from the settings. Neither connects yet.</summary>
#pragma warning disable CA2000 // The pools dispose of them.
    public static DatabasePools Open(SlowlaneOptions options) => new(Database.Open(options), Database.OpenForJobs(options));
#pragma warning restore CA2000

    /// <summary>Closes the idle sessions of both pools, and the others after their use. Only a new session has the present settings of the server.</summary>
    public void Renew()
    {
        engine.Clear();
        jobs.Clear();
    }

    public void Dispose()
    {
        jobs.Dispose();
        engine.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await jobs.DisposeAsync();
        await engine.DisposeAsync();
    }
}
