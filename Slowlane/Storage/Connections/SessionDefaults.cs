using Npgsql;

namespace Slowlane.Storage.Connections;

/// <summary>Finds settings of the database, or of the app's user, that its sessions begin with and do badly with.</summary>
/// <remarks>A start-up parameter could set them, but poolers refuse such parameters.</remarks>
internal static class SessionDefaults
{
    // The engine's single statements run at the session's default level. At a higher one, PostgreSQL refuses those that meet at a row. A session of
    // the pool is idle for up to five minutes, Npgsql's default. PostgreSQL 13 has no limit for idle sessions.
    private const string Unsuitable = """
        select name, setting || coalesce(' ' || unit, ''),
            format('alter role %I in database %I set %s = %L', session_user, current_database(), name,
                case name when 'idle_session_timeout' then '0' else 'read committed' end)
        from pg_settings
        where name = 'default_transaction_isolation' and setting in ('repeatable read', 'serializable')
            or name = 'idle_session_timeout' and setting::bigint between 1 and 299999
        order by name
        """;

    /// <summary>What such a setting does to the app, a clause.</summary>
    public static string Consequence(string setting) => setting is "idle_session_timeout"
        ? "the server ends them in the pool, and jobs and requests wait for new ones"
        : "some of the app's statements fail where two of them meet (40001)";

    /// <summary>Returns each such setting with its value and the statement that changes it.</summary>
    public static async Task<IReadOnlyList<(string Name, string Value, string Remedy)>> FindAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var found = new List<(string Name, string Value, string Remedy)>();
        await using var command = new NpgsqlCommand(Unsuitable, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        }

        return found;
    }
}
