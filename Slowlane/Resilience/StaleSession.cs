using Npgsql;

namespace Slowlane.Resilience;

/// <summary>
/// A pooled session that the server has ended while it was idle: by <c>idle_session_timeout</c>, an administrator or a restart. Npgsql notices it at
/// the session's next use.
/// </summary>
internal static class StaleSession
{
    /// <summary>True if a failure may be that of a session that was ended before its use.</summary>
    public static bool Is(Exception failure) => failure
        is PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or "57P05" }
        or NpgsqlException { InnerException: IOException };

    /// <summary>Reads, and reads once more on a new session if the session was stale.</summary>
    public static async Task<T> ReadAsync<T>(NpgsqlDataSource source, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (NpgsqlException e) when (Is(e))
        {
            source.Clear(); // The other idle sessions have probably ended with it.
            return await read();
        }
    }
}
