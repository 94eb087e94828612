using Npgsql;

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

    // Takes the role until the connection returns to the pool. The pool's reset ends it, see ConnectionSettings.
    private const string Take = "set role " + Name;

    /// <summary>Opens a pooled connection whose SQL runs under the role.</summary>
    /// <exception cref="JobException">The app's database user may not take the role, or the role does not exist.</exception>
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

    /// <summary>The exception for SQL that was refused because the role lacks a right.</summary>
    internal static JobException Denied(string type, PostgresException denied, bool isWrite)
        => new("not-permitted", "The database refused the job's SQL.", $"The SQL of job type '{type}' was refused ({denied.MessageText}): it runs as the role {Name}. {MissingGrant.Remedy(denied, isWrite)} Then submit the job again.", denied);

    // Either the app's user never created the role, or the server was restored from a backup without its roles.
    private static JobException Unavailable(PostgresException refused)
        => new("role-unavailable", "The job's database role can't be taken.", $"The app's database user can't become the role {Name} ({refused.MessageText}). Have an administrator run: create role {Name} nologin noinherit (unless there is one), and grant {Name} to the app's user.", refused) { IsTransient = true };
}
