using Npgsql;

namespace Slowlane.Resilience;

/// <summary>
/// A pooled session that is of no use any more. The server has ended it while it was idle, by <c>idle_session_timeout</c>, an administrator or a
/// restart, which Npgsql notices at its next use; or it keeps a limit that has been raised since.
/// </summary>
internal static class StaleSession
{
    /// <summary>True if a failure may be that of a session that was ended before its use.</summary>
    public static bool Is(Exception failure) => failure
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or "57P05" }
        or NpgsqlException { InnerException: IOException };

    /// <summary>Does what may be done twice, and does it once more on a new session if the session was stale.</summary>
    public static async Task<T> RepeatAsync<T>(NpgsqlDataSource source, Func<Task<T>> operation)
    {
        try
        {
            return await operation();
        }
        catch (NpgsqlException e) when (Is(e))
        {
            source.Clear(); // The other idle sessions have probably ended with it.
            return await operation();
        }
    }

    /// <summary>Closes the sessions of a pool if a limit of theirs stopped a statement: once the limit is raised, only a new session has the new one.</summary>
    /// <param name="source">The pool.</param>
    /// <param name="failure">The error of PostgreSQL, or the exception by which a job type explains it.</param>
    public static void CloseAfterLimit(NpgsqlDataSource source, Exception failure)
    {
        if (SqlState.IsLimit(failure) || SqlState.IsLimit(failure.InnerException))
        {
            source.Clear();
        }
    }
}
