using Npgsql;

namespace Slowlane.Resilience;

/// <summary>
/// A pooled session that can't be used any more. Either the server has ended it while it was idle, by <c>idle_session_timeout</c>, an administrator
/// or a restart, and Npgsql notices at the next use. Or it lacks a statement that Npgsql has prepared in it. Or it has a limit of the server from
/// before that limit was raised. Or it keeps a statement that it prepared while a rule made it empty.
/// </summary>
internal static class StaleSession
{
    /// <summary>True if a failure may be that of a session that was ended before its use, or that lost its prepared statements.</summary>
    public static bool Is(Exception failure) => failure
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or "57P05" }
        or NpgsqlException { InnerException: IOException }
        || SqlState.LacksStatement(failure);

    /// <summary>Runs an operation that may run twice. If the session was stale, runs it again on a new one.</summary>
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
        catch (NpgsqlException e)
        {
            CloseAfter(source, e);
            throw;
        }
    }

    /// <summary>
    /// Closes the sessions of a pool if a limit of theirs stopped a statement, if one lacks a prepared statement, or if a row was dropped. Only new
    /// sessions have the new value of a limit, and plan without a rule that is gone.
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

    private static bool Ends(Exception? failure) => SqlState.IsLimit(failure) || SqlState.LacksStatement(failure) || failure is RowDroppedException;
}
