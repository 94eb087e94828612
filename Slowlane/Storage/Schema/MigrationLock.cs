using System.Data;
using System.Globalization;
using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Storage.Schema;

/// <summary>An advisory lock of the session's, under which processes that start at the same time take turns to migrate.</summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    // The number only has to be unused in the database by anything else. It is "slowlane" in ASCII.
    private const long Key = 0x736c6f776c616e65;

    private static readonly string Number = Key.ToString(CultureInfo.InvariantCulture);

    // The holder may be stuck. The wait is bounded, so that the reason is told.
    private static readonly string Take = $"set lock_timeout = '5s'; select pg_advisory_lock({Number}); reset lock_timeout";
    private static readonly string Give = $"select pg_advisory_unlock({Number})";
    private static readonly string Holder =
        $"reset lock_timeout; select pid from pg_locks where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database()) and (classid::bigint << 32) + objid::bigint = {Number}";

    private readonly NpgsqlConnection _connection;

    private MigrationLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Takes the lock.</summary>
    /// <exception cref="DatabaseNotReadyException">Another session holds it for 5 s or longer.</exception>
    public static async Task<MigrationLock> TakeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        try
        {
            await AskAsync(connection, Take, cancellationToken);
            return new MigrationLock(connection);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.LockNotAvailable)
        {
            throw new DatabaseNotReadyException(SchemaRemedy.OfLock(await AskAsync(connection, Holder, cancellationToken) as int?), e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A broken connection has already lost the lock. The pool would keep an intact connection together with its lock.
        if (_connection.State == ConnectionState.Open)
        {
            await AskAsync(_connection, Give, CancellationToken.None);
        }
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is one of the constants above.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
