using Npgsql;
using Slowlane.Settings;

namespace Slowlane.Storage;

/// <summary>Receives PostgreSQL's notifications of finished jobs (<c>LISTEN</c>).</summary>
internal sealed class CompletionListener(SlowlaneOptions options) : IDisposable
{
    // The lock tells slowlane.signal_finished() that a process listens. The number is "slowwait" in ASCII.
    // The session is idle by design. PostgreSQL 13 has no limit for that.
    private const string Listen = """
        select set_config(name, '0', false) from pg_settings where name = 'idle_session_timeout';
        select pg_advisory_lock_shared(8317145170741127540);
        listen slowlane_finished
        """;

    private readonly NpgsqlDataSource _source = Database.OpenForListening(options);

    /// <summary>Opens a connection and listens until <paramref name="enough"/> is true.</summary>
    /// <param name="begun">Called once the connection listens.</param>
    /// <param name="finished">Called with the row id of each job that has finished.</param>
    /// <param name="enough">Evaluated after each notification, and after each <paramref name="pause"/> without one.</param>
    /// <param name="pause">How long to wait for a notification.</param>
    /// <param name="cancellationToken">Ends the listening at once.</param>
    /// <exception cref="NpgsqlException">The connection can't be opened, or is lost.</exception>
    public async Task ListenAsync(Action begun, Action<Guid> finished, Func<bool> enough, TimeSpan pause, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenConnectionAsync(cancellationToken);
        connection.Notification += (_, notification) =>
        {
            if (Guid.TryParse(notification.Payload, out var job))
            {
                finished(job);
            }
        };
        await using (var command = new NpgsqlCommand(Listen, connection))
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        begun();
        while (!enough())
        {
            await connection.WaitAsync(pause, cancellationToken);
        }
    }

    public void Dispose() => _source.Dispose();
}
