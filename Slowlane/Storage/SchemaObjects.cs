namespace Slowlane.Storage;

/// <summary>The objects of the schema <c>slowlane</c> that the engine's statements need. The engine's migrations create them.</summary>
internal static class SchemaObjects
{
    /// <summary>The table of the applied migrations.</summary>
    public const string MigrationTable = "migration";

    private static readonly (string Table, string Columns, string UniqueIndexes)[] Expected =
    [
        (MigrationTable, "name applied_at", "migration_pkey"),
        ("job", "id type status attempt max_attempts lost_leases outages fence worker lease_until due_at sends input input_blob progress created_at started_at finished_at error_type error_title error_detail trace", "job_pkey"),
        ("result", "job_id body blob", "result_pkey"),
        ("cancellation", "job_id asked_at", "cancellation_pkey"),
        ("poison", "id job_id body reason received_at replayed_at", "poison_pkey"),
        ("purged", "id purged_at", "purged_pkey"),
        ("paused", "type since resumed_at", "paused_pkey"),
        ("part", "job_id fence part state", "part_pkey"),
    ];

    /// <summary>The tables.</summary>
    public static readonly string[] Tables = [.. Expected.Select(expected => expected.Table)];

    /// <summary>Everything else, with its kind and its schema.</summary>
    /// <remarks>Other indexes are left out: without them, statements are slow and right.</remarks>
    public static readonly string[] Parts =
    [
        .. Expected.SelectMany(expected => expected.Columns.Split(' ').Select(column => $"column slowlane.{expected.Table}.{column}")),
        .. Expected.SelectMany(expected => expected.UniqueIndexes.Split(' ').Select(index => "unique index slowlane." + index)),
        "function slowlane.signal_finished",
        "trigger job_finished_by_insert on slowlane.job",
        "trigger job_finished_by_update on slowlane.job",
    ];
}
