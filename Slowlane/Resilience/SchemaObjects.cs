namespace Slowlane.Resilience;

/// <summary>The objects of the schema <c>slowlane</c> that are the engine's, whose migrations create them. Job types may have others there.</summary>
internal static class SchemaObjects
{
    /// <summary>The table of the applied migrations.</summary>
    public const string MigrationTable = "migration";

    private const string JobColumns =
        "id:uuid type:text status:text attempt:int4 max_attempts:int4 lost_leases:int4 outages:int4 fence:int8 worker:text lease_until:timestamptz due_at:timestamptz sends:int4 "
        + "input:text input_blob:text progress:float8 created_at:timestamptz started_at:timestamptz finished_at:timestamptz error_type:text error_title:text error_detail:text trace:text";

    private const string JobConstraints = "job_status_known job_attempt_bound job_lease_running job_due_queued job_end_finished job_failed_says";

    private static readonly (string Table, string Columns, string UniqueIndexes, string Constraints)[] Expected =
    [
        (MigrationTable, "name:text applied_at:timestamptz", "migration_pkey", ""),
        ("job", JobColumns, "job_pkey", JobConstraints),
        ("result", "job_id:uuid body:text blob:text", "result_pkey", "result_job_id_fkey result_body_or_blob"),
        ("cancellation", "job_id:uuid asked_at:timestamptz", "cancellation_pkey", "cancellation_job_id_fkey"),
        ("poison", "id:int8 job_id:uuid body:text reason:text received_at:timestamptz replayed_at:timestamptz", "poison_pkey", ""),
        ("purged", "id:uuid purged_at:timestamptz", "purged_pkey", ""),
        ("paused", "type:text since:timestamptz resumed_at:timestamptz", "paused_pkey", ""),
        ("part", "job_id:uuid fence:int8 part:int4 state:bytea", "part_pkey", "part_job_id_fkey"),
    ];

    /// <summary>The tables.</summary>
    public static readonly string[] Tables = [.. Expected.Select(expected => expected.Table)];

    /// <summary>The kind of a part that is a column. The column's type follows its name, as PostgreSQL's catalog has it.</summary>
    public const string Column = "column ";

    /// <summary>What the engine's statements need of them, with its kind and its schema.</summary>
    /// <remarks>Other indexes are left out: without them, statements are slow and right. So are constraints.</remarks>
    public static readonly string[] Parts =
    [
        .. Expected.SelectMany(expected => Words(expected.Columns).Select(column => $"{Column}slowlane.{expected.Table}.{column.Replace(':', ' ')}")),
        .. Expected.SelectMany(expected => Words(expected.UniqueIndexes).Select(index => "unique index slowlane." + index)),
        "function slowlane.signal_finished",
        "trigger job_finished_by_insert on slowlane.job",
        "trigger job_finished_by_update on slowlane.job",
    ];

    /// <summary>The names of their constraints and unique indexes.</summary>
    public static readonly string[] Rules = [.. Expected.SelectMany(expected => Words($"{expected.UniqueIndexes} {expected.Constraints}"))];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
