namespace Slowlane.Resilience;

/// <summary>The objects of the schema <c>slowlane</c> that are the engine's, whose migrations create them. Job types may have others there.</summary>
internal static class SchemaObjects
{
    /// <summary>The table of the applied migrations.</summary>
    public const string MigrationTable = "migration";

    private const string JobColumns =
        "id type status attempt max_attempts lost_leases outages fence worker lease_until due_at sends input input_blob progress created_at started_at finished_at error_type error_title error_detail trace";

    private const string JobConstraints = "job_status_known job_attempt_bound job_lease_running job_due_queued job_end_finished job_failed_says";

    private static readonly (string Table, string Columns, string UniqueIndexes, string Constraints)[] Expected =
    [
        (MigrationTable, "name applied_at", "migration_pkey", ""),
        ("job", JobColumns, "job_pkey", JobConstraints),
        ("result", "job_id body blob", "result_pkey", "result_job_id_fkey result_body_or_blob"),
        ("cancellation", "job_id asked_at", "cancellation_pkey", "cancellation_job_id_fkey"),
        ("poison", "id job_id body reason received_at replayed_at", "poison_pkey", ""),
        ("purged", "id purged_at", "purged_pkey", ""),
        ("paused", "type since resumed_at", "paused_pkey", ""),
        ("part", "job_id fence part state", "part_pkey", "part_job_id_fkey"),
    ];

    /// <summary>The tables.</summary>
    public static readonly string[] Tables = [.. Expected.Select(expected => expected.Table)];

    /// <summary>What the engine's statements need of them, with its kind and its schema.</summary>
    /// <remarks>Other indexes are left out: without them, statements are slow and right. So are constraints.</remarks>
    public static readonly string[] Parts =
    [
        .. Expected.SelectMany(expected => Words(expected.Columns).Select(column => $"column slowlane.{expected.Table}.{column}")),
        .. Expected.SelectMany(expected => Words(expected.UniqueIndexes).Select(index => "unique index slowlane." + index)),
        "function slowlane.signal_finished",
        "trigger job_finished_by_insert on slowlane.job",
        "trigger job_finished_by_update on slowlane.job",
    ];

    /// <summary>The names of their constraints and unique indexes.</summary>
    public static readonly string[] Rules = [.. Expected.SelectMany(expected => Words($"{expected.UniqueIndexes} {expected.Constraints}"))];

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
