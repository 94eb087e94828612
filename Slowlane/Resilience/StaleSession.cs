using Npgsql;

namespace Slowlane.Resilience;

/// <summary>
/// A pooled session that is of no use any more. The server has ended it while it was idle, by <c>idle_session_timeout</c>, an administrator or a
/// restart, which Npgsql notices at its next use; it lacks a statement that Npgsql believes is prepared there; or it keeps a limit that has been raised since.
/// </summary>
internal static class StaleSession
{
    /// <summary>True if a failure may be that of a session that was ended before its use, or that lost its prepared statements.</summary>
    public static bool Is(Exception failure) => failure
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or "57P05" }
        or NpgsqlException { InnerException: IOException }
        || SqlState.LacksStatement(failure);

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

    /// <summary>
    /// Closes the sessions of a pool if a limit of theirs stopped a statement, because only a new session has the limit that is raised since, or if a
    /// session lacks a statement that was prepared there.
    /// </summary>
    /// <param name="source">The pool.</param>
    /// <param name="failure">The error of PostgreSQL, or the exception by which a job type explains it.</param>
    public static void CloseAfter(NpgsqlDataSource source, Exception failure)
    {
        if (Ends(failure) || Ends(failure.InnerException))
        {
            source.Clear();
        }
    }
    private static bool Ends(Exception? failure) => SqlState.IsLimit(failure) || SqlState.LacksStatement(failure);
}
