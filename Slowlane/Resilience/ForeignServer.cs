using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Recognises an error of another server, which a foreign table or <c>dblink</c> reads, and says what mends it. Pure.</summary>
internal static class ForeignServer
{
    /// <summary>True if PostgreSQL passes on an error of its connection to another server. Its own connections end with FATAL.</summary>
    /// <remarks>The source file that raises the error is the only sign that all languages and codes share.</remarks>
    public static bool Is(PostgresException failure)
        => failure.InvariantSeverity is "ERROR" && (failure.File is "connection.c" or "dblink.c" || failure.SqlState is ['0', '8', not 'P', ..] or ['2', '8', ..] or ['3', 'D', ..] or ['5', '7', 'P', ..] or "HV00N");

    /// <summary>The remedy, a sentence.</summary>
    public static string Remedy(PostgresException failure) => failure.SqlState switch
    {
        _ when failure.File is "dblink.c" => "Bring that server back, or correct the connection string or the statement that the SQL gives to dblink.",
        "2F003" or ['2', '8', ..] => "Correct the user and the password of its user mapping: alter user mapping for … server … options (set password '…'), with add in place of set if it has none.",
        ['0', '8', ..] or ['5', '7', 'P', ..] or ['3', 'D', ..] or "HV00N" =>
            "Bring that server back, or correct its address and database (alter server … options (set host '…', set dbname '…')) or the user and password of its user mapping (alter user mapping for … server … options (set password '…')).",
        PostgresErrorCodes.InsufficientPrivilege => "Grant the right there, to the user of the user mapping.",
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.InvalidSchemaName =>
            "Correct the foreign table's names there: alter foreign table … options (set table_name '…', set schema_name '…'), with add in place of set for what it has not, or column_name of a column.",
        _ => "Mend it there.",
    };
}
