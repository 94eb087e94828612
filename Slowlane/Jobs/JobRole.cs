using Npgsql;

namespace Slowlane.Jobs;

/// <summary>
/// The database role <c>slowlane_job</c>, under which a job type's own SQL runs: it reads and writes what was granted to
/// it, and nothing of Slowlane's own.
/// </summary>
/// <remarks>A guard against injection and mistakes. A job type is trusted code: it could change the role back.</remarks>
public static class JobRole
{
    /// <summary>Its name, for grants.</summary>
    public const string Name = "slowlane_job";

    /// <summary>For the rest of a transaction: the end of it is the end of the role.</summary>
    internal const string TakeUntilCommit = "set local role " + Name;

    // For as long as the connection is out of the pool: the pool's reset ends it, see Database.Open.
    private const string Take = "set role " + Name;

    /// <summary>A pooled connection whose SQL runs under the role.</summary>
    /// <exception cref="JobException">The app's database user may not take the role, or there is none.</exception>
    internal static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
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

    /// <summary>Tells that the role lacks a grant.</summary>
    internal static JobException Denied(string type, PostgresException denied)
        => new("not-permitted", "The database refused the job's SQL.", $"The SQL of job type '{type}' was refused ({denied.MessageText}): it runs as the role {Name}. Grant that role what it needs, such as: grant select, insert on schema.table to {Name}; grant usage on schema schema to {Name}. Then submit the job again.", denied);

    // Either a user that never set the role up, or a server that a backup was restored to without its roles.
    private static JobException Unavailable(PostgresException refused)
        => new("role-unavailable", "The job's database role can't be taken.", $"The app's database user can't become the role {Name} ({refused.MessageText}). Have an administrator run: create role {Name} nologin noinherit (unless there is one), and grant {Name} to the app's user.", refused) { IsTransient = true };
}
