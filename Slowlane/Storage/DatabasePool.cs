using Npgsql;

namespace Slowlane.Storage;

/// <summary>
/// The engine's own connections. They are no service of the app under <see cref="NpgsqlDataSource"/>: a job type that asks for one would get
/// connections that bypass the role of its SQL, and an app that adds its own would replace the engine's.
/// </summary>
internal sealed class DatabasePool(NpgsqlDataSource source) : IAsyncDisposable, IDisposable
{
    public NpgsqlDataSource Source => source;

    public void Dispose() => source.Dispose();

    public ValueTask DisposeAsync() => source.DisposeAsync();
}
