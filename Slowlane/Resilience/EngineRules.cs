using Npgsql;

namespace Slowlane.Resilience;

/// <summary>Distinguishes the rules that the engine's tables have from those that others added to them. Pure.</summary>
internal static class EngineRules
{
    /// <summary>The constraints and unique indexes that the engine's migrations create.</summary>
    public static readonly string[] Names =
    [
        "migration_pkey",
        "job_pkey",
        "job_status_known",
        "job_attempt_bound",
        "job_lease_running",
        "job_due_queued",
        "job_end_finished",
        "job_failed_says",
        "result_pkey",
        "result_job_id_fkey",
        "result_body_or_blob",
        "cancellation_pkey",
        "cancellation_job_id_fkey",
        "poison_pkey",
        "purged_pkey",
        "paused_pkey",
        "part_pkey",
        "part_job_id_fkey",
    ];

    /// <summary>The tables, in the schema <c>slowlane</c>. Job types may have others there.</summary>
    public static readonly string[] Tables = ["migration", "job", "result", "cancellation", "poison", "purged", "paused", "part"];

    /// <summary>Whether a statement of the engine's violated a constraint of others, or a column of others that takes no null.</summary>
    public static bool AreNotViolatedBy(PostgresException failure) => failure switch
    {
        { SqlState: PostgresErrorCodes.NotNullViolation, ColumnName: { } column } => !failure.BatchCommand!.CommandText.Contains(column, StringComparison.Ordinal),
        { SqlState: ['2', '3', ..], ConstraintName: { } name } => !Names.Contains(name, StringComparer.Ordinal) && !IsOfJobType(failure),
        _ => false,
    };

    private static bool IsOfJobType(PostgresException failure)
        => failure.SchemaName is "slowlane" && !Tables.Contains(failure.TableName, StringComparer.Ordinal);
}
