namespace Slowlane.Profiling;

/// <summary>The profile of a table or of inline rows.</summary>
internal sealed record ProfileReport
{
    /// <summary>The table, quoted as SQL needs it; absent for inline rows.</summary>
    public string? Table { get; init; }

    /// <summary>table, partitioned table, view, materialized view, foreign table, or rows.</summary>
    public required string Kind { get; init; }

    /// <summary>How many rows there are.</summary>
    public required long RowCount { get; init; }

    /// <summary>How many columns were profiled.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>What was read, in bytes of PostgreSQL's binary COPY format; 0 for inline rows.</summary>
    public required long BytesRead { get; init; }

    /// <summary>Of how many parts the profile was made, each read by itself; absent for inline rows.</summary>
    public int? Partitions { get; init; }

    /// <summary>The snapshot everything was read in, as <c>pg_current_snapshot()</c> writes it; absent for inline rows.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The server's clock when reading began; absent for inline rows.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The server's clock when reading ended; absent for inline rows.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The columns, in the order of the table or of the input's <c>columns</c>.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }
}
