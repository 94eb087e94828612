using Npgsql;

namespace Slowlane.LocalHost.Durable.Storage;

/// <summary>The app's database with the durable schema in place, on connections apart from the app's own.</summary>
internal sealed class DurableDatabase(string connectionString) : IAsyncDisposable
{
    /// <summary>Rung when there is work: an episode or an activity.</summary>
    public const string Channel = "slowlane_durable";

    private readonly NpgsqlDataSource _source = Build(connectionString);
    private volatile bool _ready;

    /// <summary>A connection, once the schema is there.</summary>
    public async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        var connection = await _source.OpenConnectionAsync(cancellationToken);
        try
        {
            if (!_ready)
            {
                await DurableSchema.EnsureAsync(connection, cancellationToken);
                _ready = true;
            }

            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static NpgsqlDataSource Build(string connectionString) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "slowlane-durable",
        Timeout = 5,
        CommandTimeout = 30,
        MaxPoolSize = 20,
        TcpKeepAlive = true,
        TcpKeepAliveTime = 30,
        TcpKeepAliveInterval = 5,
    });
}
