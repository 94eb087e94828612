using System.Text.RegularExpressions;
using Npgsql;
using Slowlane.Jobs;

namespace Slowlane.Profiling.Sources;

/// <summary>
/// Explains to the caller why a table can't be profiled. Transient failures (connection, resources, deadlock) are not included, so that the
/// worker retries them.
/// </summary>
internal static partial class TableFaults
{
    private const int MaxNames = 20;

    public static JobException UnknownTable(TableName name, IEnumerable<string> known)
    {
        var similar = SimilarNames.Of(name.ToString(), known);
        var hint = similar.Count > 0 ? $"similar: {string.Join(", ", similar)}" : "check the name, its schema and the database";
        return new("unknown-table", "There is no such table", $"There is no table '{name}'; {hint}. A plain name is matched as it is and in lower case, a quoted one exactly.");
    }

    public static JobException NoTable(string name)
        => new("unknown-table", "There is no such table", $"'{name}' is an index, sequence or type; name a table, partitioned table, view, materialized view or foreign table.");

    public static JobException UnknownColumns(string table, IReadOnlyCollection<string> unknown, IReadOnlyCollection<string> known)
        => new("unknown-column", "There is no such column", $"The table {table} has no column {List(unknown)}; it has {(known.Count == 0 ? "none" : List(known))}.");

    /// <summary>The reason, if the caller can do something about it. Otherwise null.</summary>
    public static JobException? Of(PostgresException exception, string table) => exception.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.CannotCoerce or PostgresErrorCodes.InvalidSchemaName
            => new("table-changed", "The table changed", $"The table {table} was dropped or altered while the job ran ({exception.MessageText}); submit the job again.", exception),
        PostgresErrorCodes.LockNotAvailable
            => new("table-locked", "The table is locked", $"The table {table} was locked by somebody else for {TableReader.LockTimeout} at every attempt; submit the job again when the lock is gone.", exception) { IsTransient = true },
        PostgresErrorCodes.QueryCanceled
            => new("reading-stopped", "Reading the table was stopped", $"Reading {table} was stopped by the server ({exception.MessageText}); raise the statement_timeout of the app's role, or name fewer 'columns'.", exception) { IsTransient = true },
        PostgresErrorCodes.InsufficientPrivilege
            => new("not-readable", "The table can't be read", $"The table {table} can't be read ({exception.MessageText}). Profiles are read as the role {JobRole.Name}; grant it that: {Grants(table)}. Then submit the job again.", exception),
        PostgresErrorCodes.ObjectNotInPrerequisiteState
            => new("not-readable", "The table can't be read", $"The table {table} can't be read now ({exception.MessageText}); refresh the materialized view and submit the job again.", exception),
        PostgresErrorCodes.ProgramLimitExceeded or PostgresErrorCodes.StatementTooComplex or PostgresErrorCodes.TooManyColumns
            => new("too-large", "The table is beyond a limit of PostgreSQL", $"The table {table} can't be read whole ({exception.MessageText}); name fewer 'columns'.", exception),
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted
            => new("damaged-table", "The table is damaged", $"The table {table} can't be read ({exception.MessageText}); have the database's administrator look at it.", exception),
        // Data exceptions: the query of a view, a generated column or a type's output function fails for some row.
        ['2', '2', ..] or ['P', '0', ..] or ['2', 'F', ..] or ['3', '8', ..] or ['0', 'A', ..] or ['4', '2', ..]
            => new("table-fails", "Reading the table fails", $"Reading {table} fails in PostgreSQL itself ({exception.SqlState}: {exception.MessageText}); mend the view or its data, or name other 'columns'.", exception),
        _ => null,
    };

    /// <summary>The statements that make a table readable, ready to run. The schema public needs no grant, because every role may use it.</summary>
    private static string Grants(string table)
    {
        var schema = SchemaPattern().Match(table).Value;
        var select = $"grant select on {table} to {JobRole.Name}";
        return schema is "" or "public" ? select : $"{select}; grant usage on schema {schema} to {JobRole.Name}";
    }

    [GeneratedRegex("""^("([^"]|"")+"|[^".]+)(?=\.)""", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 100)]
    private static partial Regex SchemaPattern();

    private static string List(IReadOnlyCollection<string> names)
        => string.Join(", ", names.Take(MaxNames).Select(name => $"'{name}'")) + (names.Count > MaxNames ? $" and {names.Count - MaxNames} more" : "");
}
