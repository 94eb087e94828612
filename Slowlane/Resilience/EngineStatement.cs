using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Distinguishes a failed statement of the engine's from one of a job type's. Pure.</summary>
internal static class EngineStatement
{
    /// <summary>
    /// True if a statement on the engine's own tables failed for a reason that no job has a part in. The schema was dropped, replaced or closed to the
    /// app's user, the server has no transaction ids or memory left, an operator cancelled the statement, or a deadlock was broken.
    /// A job type's SQL names none of these tables, since its role may not use them.
    /// </summary>
    /// <remarks>
    /// SQLSTATE classes 21, 22 and 23 and 42601 remain: a value that can't be stored, a constraint that does not hold, a mistake in the statement. The
    /// same statement fails by them again: PostgreSQL manual, appendix A.
    /// </remarks>
    public static bool IsRefused(PostgresException failure)
        => failure.BatchCommand?.CommandText.Contains("slowlane.", StringComparison.Ordinal) == true
        && failure.SqlState is not (['2', '1' or '2' or '3', ..] or PostgresErrorCodes.SyntaxError);
}
