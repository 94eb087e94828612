using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>
/// Explains to the caller why a table can't be profiled. Transient failures (connection, resources, deadlock) are not included, so that the
/// worker retries them.
/// </summary>
internal static class TableFaults
{
    private const int MaxNames = 20;

    private const string TransactionTimeout = "25P04"; // Npgsql has no name for it.

    public static JobException UnknownTable(TableName name, IEnumerable<string> known)
    {
        var similar = SimilarNames.Of(name.ToString(), known);
        var hint = similar.Count > 0 ? $"similar: {string.Join(", ", similar)}" : "check the name, its schema and the database";
        return new("unknown-table", "There is no such table", $"There is no table '{name}'; {hint}. A plain name is matched as it is and in lower case, a quoted one exactly.");
    }

    public static JobException NoTable(string name)
        => new("unknown-table", "There is no such table", $"'{name}' is an index, sequence or type; name a table, partitioned table, view, materialized view or foreign table.");

    public static JobException UnknownColumns(string table, IReadOnlyCollection<string> unknown, IReadOnlyCollection<string> known)
        => new("unknown-column", "There is no such column", $"The table {table} has no column {List(unknown)}{Nearest(unknown, known)}; it has {(known.Count == 0 ? "none" : List(known))}.");

    /// <param name="source">The table.</param>
    /// <param name="relation">The table itself or a foreign partition or child of it.</param>
    public static JobException NoSample(ProfileSource source, string relation)
    {
        var reason = string.Equals(relation, source.Table, StringComparison.Ordinal) ? $"is a {source.Kind}" : $"has the foreign table {relation} below it";
        return new("no-sample", "The table can't be sampled", $"PostgreSQL samples tables and materialized views only, and {source.Table} {reason}. Leave out 'sample', or name another table.");
    }

    public static JobException Rewritten(string table)
        => new("table-rewritten", "The table was rewritten", $"The table {table}, or one that it reads, was rewritten when its reading began, at every attempt; submit the job again when nobody truncates, alters or refreshes it.") { IsTransient = true };

    public static JobException WhereValues(string table, IReadOnlyCollection<string> faults)
        => new("where-value", "A value of 'where' doesn't fit its column", $"'where' doesn't fit the table {table}: {string.Join("; ", faults)}. Correct it and submit the job again.");

    /// <summary>Whether the error is one of another server that the table or the view reads. The engine explains it.</summary>
    public static bool IsOfForeignServer(PostgresException exception) => exception.File is "connection.c" or "dblink.c" || exception.SqlState is "HV00N";

    /// <summary>The reason, if the caller can do something about it. Otherwise null. What concerns rights is explained by <see cref="RightsFaults"/>.</summary>
    public static JobException? Of(PostgresException exception, string table) => exception.SqlState switch
    {
        not PostgresErrorCodes.InsufficientPrivilege when exception.Routine is "exec_stmt_raise" => OfItsQuery(exception, table), // RAISE of PL/pgSQL: a function chose the code.
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.CannotCoerce or PostgresErrorCodes.InvalidSchemaName
            => exception.Where?.Contains("SQL", StringComparison.Ordinal) == true ? OfItsQuery(exception, table) // The body of a function, in SQL or PL/pgSQL, that a view calls.
            : new("table-changed", "The table changed", $"The table {table} was dropped or altered while the job ran ({exception.MessageText}); submit the job again.", exception),
        PostgresErrorCodes.LockNotAvailable
            => new("table-locked", "The table is locked", $"The table {table} was locked by somebody else for {ReadingSession.LockTimeout} at every attempt; submit the job again when the lock is gone.", exception) { IsTransient = true },
        PostgresErrorCodes.QueryCanceled or TransactionTimeout or PostgresErrorCodes.ConfigurationLimitExceeded
            => new("reading-stopped", "Reading the table was stopped", $"Reading {table} was stopped by the server ({exception.MessageText}); raise {SettingOf(exception.SqlState)} of the app's database user, or name fewer 'columns'.", exception) { IsTransient = true },
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.ReadOnlySqlTransaction => RightsFaults.Of(exception, table, []),
        PostgresErrorCodes.ObjectNotInPrerequisiteState when exception.Hint is not null
            => new("not-readable", "The table can't be read", $"The table {table} can't be read now ({exception.MessageText}); refresh the materialized view and submit the job again.", exception),
        PostgresErrorCodes.ProgramLimitExceeded or PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.TooManyColumns
            => new("too-large", "The table is beyond a limit of PostgreSQL", $"The table {table} can't be read whole ({exception.MessageText}); name fewer 'columns'.", exception),
        PostgresErrorCodes.UndefinedFile or PostgresErrorCodes.IoError when exception.File is "copyfrom.c"
            => new("table-fails", "Reading the table fails", $"Reading {table} fails at a file of a foreign table ({exception.SqlState}: {exception.MessageText}); put the file there or correct the foreign table's options, and submit the job again.", exception),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.IoError or PostgresErrorCodes.UndefinedFile
            => new("damaged-table", "The table is damaged", $"The table {table} can't be read ({exception.MessageText}); have the database's administrator look at it.", exception),

        // The query of a view, a generated column, a policy or a type's output function fails for some row.
        [_, _, ..] when IsOfItsQuery(exception.SqlState)
            => OfItsQuery(exception, table),
        _ => null,
    };

    private static JobException OfItsQuery(PostgresException exception, string table)
        => new("table-fails", "Reading the table fails", $"Reading {table} fails in PostgreSQL itself ({exception.SqlState}: {exception.MessageText}); mend the view, what its functions use, or the data, or name other 'columns'.", exception);

    // All but the classes of codes that tell of the moment: the connection and its state, the login, rollback, resources, locks, the operator, the system.
    private static bool IsOfItsQuery(string code)
        => code[..2] is not ("08" or "25" or "26" or "28" or "3D" or "40" or "53" or "55" or "57" or "58" or "72" or "F0" or "XX") || code is "55000";

    private static string SettingOf(string code) => code switch
    {
        TransactionTimeout => "transaction_timeout",
        PostgresErrorCodes.ConfigurationLimitExceeded => "temp_file_limit",
        _ => "statement_timeout",
    };

    // Of many columns, those that are listed may lack the one that was meant.
    private static string Nearest(IEnumerable<string> unknown, IReadOnlyCollection<string> known)
    {
        var nearest = unknown.SelectMany(name => SimilarNames.Of(name, known).Take(1)).Distinct(StringComparer.Ordinal).ToList();
        return nearest.Count == 0 ? "" : $" (nearest: {List(nearest)})";
    }

    private static string List(IReadOnlyCollection<string> names)
        => string.Join(", ", names.Take(MaxNames).Select(name => $"'{name}'")) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");
}
