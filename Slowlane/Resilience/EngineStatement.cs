using System.Text.RegularExpressions;
using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Distinguishes a failed statement of the engine's from one of a job type's. Pure.</summary>
internal static class EngineStatement
{
    private static readonly Regex EngineTable = new(
        $@"\bslowlane[.]({string.Join('|', SchemaObjects.Tables)})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));

    /// <summary>
    /// True if a statement on the engine's own tables failed for a reason that no job has a part in. The schema was dropped, replaced or closed to the
    /// app's user, the server has no transaction ids or memory left, an operator cancelled the statement, a deadlock was broken, or a trigger or a
    /// constraint that is not the engine's refused a row.
    /// A job type's SQL names none of these tables, since its role may not use them.
    /// </summary>
    /// <remarks>
    /// SQLSTATE classes 21, 22 and 23 and 42601 remain: a value that can't be stored, a constraint of the engine's that does not hold, a mistake in the
    /// statement. The same statement fails by them again: PostgreSQL manual, appendix A.
    /// </remarks>
    public static bool IsRefused(PostgresException failure)
        => failure.BatchCommand is { CommandText: var statement }
        && (IsRefused(statement, failure.SqlState, failure.Where) || (IsEngines(statement) && IsOfForeignRule(failure, statement)));

    /// <summary>
    /// True if an error may concern the tables of the engine or of a job type: at a statement of the engine's, at a commit, which has no statement where
    /// it is implicit, or by a name that does not exist. A value or a constraint of a job type's own statement does not.
    /// </summary>
    public static bool MayBeMeant(PostgresException failure) => failure.BatchCommand?.CommandText switch
    {
        null => failure.SqlState is not ['2', '1' or '2' or '3', ..],
        "commit" => true,
        var statement => IsEngines(statement) || failure.SqlState is ['4', '2', ..] or ['3', 'F', ..],
    };

    internal static bool IsRefused(string? statement, string code, string? where)
        => IsEngines(statement) && (code is not (['2', '1' or '2' or '3', ..] or PostgresErrorCodes.SyntaxError) || IsOfForeignFunction(where));

    // A job type may have tables in the schema.
    private static bool IsEngines(string? statement) => statement is not null && EngineTable.IsMatch(statement);

    // The error's context is in the server's language, but the language of a function keeps its name: PL/pgSQL, PL/Python.
    private static bool IsOfForeignFunction(string? where)
        => where?.Split('\n').Any(IsForeign) == true;

    private static bool IsForeign(string line)
        => line.Contains("PL/", StringComparison.Ordinal) && !line.Contains("signal_finished(", StringComparison.Ordinal);

    // A constraint of others, or a column of others that takes no null. The engine's statements name each column that they write.
    private static bool IsOfForeignRule(PostgresException failure, string statement) => failure switch
    {
        { SqlState: PostgresErrorCodes.NotNullViolation, ColumnName: { } column } => !statement.Contains(column, StringComparison.Ordinal),
        { SqlState: ['2', '3', ..], ConstraintName: { } name } => !SchemaObjects.Rules.Contains(name, StringComparer.Ordinal) && !IsOfJobType(failure),
        _ => false,
    };

    private static bool IsOfJobType(PostgresException failure)
        => failure.SchemaName is "slowlane" && !SchemaObjects.Tables.Contains(failure.TableName, StringComparer.Ordinal);
}
