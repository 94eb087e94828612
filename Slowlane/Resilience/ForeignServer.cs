using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Recognises an error of another server, which a foreign table or <c>dblink</c> reads. Pure.</summary>
internal static class ForeignServer
{
    /// <summary>True if PostgreSQL passes on an error of its connection to another server. Its own connections end with FATAL.</summary>
    /// <remarks>The source file that raises the error is the only sign that all languages and codes share.</remarks>
    public static bool Is(PostgresException failure)
        => failure.InvariantSeverity is "ERROR" && !SqlState.IsRaised(failure)
        && (failure.File is "connection.c" or "dblink.c" || failure.SqlState is ['0', '8', not 'P', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '7', 'P', ..] or "HV00N");
}
