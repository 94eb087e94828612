using Npgsql;
using Slowlane.Resilience;

namespace Slowlane.Jobs;

/// <summary>
/// The database role <c>slowlane_job</c>. The SQL of a job type runs under it: the role can read and write what is granted to it, and none of
/// Slowlane's own tables.
/// </summary>
/// <remarks>The role protects against injection and mistakes. It does not confine a job type, which is trusted code and could reset the role.</remarks>
public static class JobRole
{
    /// <summary>The name of the role, for grants.</summary>
    public const string Name = "slowlane_job";

    /// <summary>Takes the role until the transaction ends.</summary>
    internal const string TakeUntilCommit = "set local role " + Name;

    /// <summary>Gives the role up in a transaction that has taken it. The login may begin with another role than its own.</summary>
    internal const string GiveUp = "set local role to default";

    // Takes the role until the connection returns to the pool. The pool's reset ends it, see ConnectionSettings.
    private const string Take = "set role " + Name;

    /// <summary>Opens a pooled connection whose SQL runs under the role.</summary>
    /// <exception cref="DatabaseNotReadyException">The app's database user may not take the role, or the role does not exist.</exception>
    /// <exception cref="JobConnectionException">The server can't be reached, or takes no more connections.</exception>
    internal static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        try
        {
            return await StaleSession.RepeatAsync(database, () => OpenOnceAsync(database, cancellationToken));
        }
        catch (NpgsqlException e) when (Outage.Is(e))
        {
            throw new JobConnectionException(e);
        }
    }

    private static async Task<NpgsqlConnection> OpenOnceAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var take = new NpgsqlCommand(Take, connection);
            await take.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue)
        {
            await connection.DisposeAsync();
            throw Unavailable(e);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    // A right was revoked, or the server was restored from a dump without its roles. The next check of the schema says what to run.
    private static DatabaseNotReadyException Unavailable(PostgresException refused)
        => new($"The app's database user can't take the role {Name}, under which the SQL of jobs runs ({refused.MessageText}).", refused);
}
