using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Drift;

namespace Slowlane.Profiling.Sources;

/// <summary>The source of a profile: a relation as the catalog describes it, or inline rows.</summary>
internal sealed record ProfileSource
{
    /// <summary>The name of the table, quoted by the server: <c>schema.table</c>. Null for inline rows.</summary>
    public string? Table { get; init; }

    /// <summary>The table's identifier in the catalog. 0 for inline rows.</summary>
    public uint Oid { get; init; }

    /// <summary>table, partitioned table, view, materialized view, foreign table, or rows.</summary>
    public required string Kind { get; init; }

    /// <summary>The planner's estimate of the number of rows. 0 if it has none.</summary>
    public double EstimatedRows { get; init; }

    /// <summary>The snapshot in which the data is read, as <c>pg_current_snapshot()</c> writes it.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The server's time when reading began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The conditions that a row must meet, all of them.</summary>
    public IReadOnlyList<WhereCondition> Where { get; init; } = [];

    /// <summary>The sample to read. Null for all rows.</summary>
    public TableSample? Sample { get; init; }

    /// <summary>The first rows of the table or of the partition, as texts. Empty if none were asked for.</summary>
    public IReadOnlyList<FirstRow> FirstRows { get; init; } = [];

    /// <summary>The earlier profile to compare with. Null if there is none, and for all partitions but the first.</summary>
    public Baseline? Baseline { get; init; }

    /// <summary>The names of the table's other columns.</summary>
    public IReadOnlyList<string> OtherColumns { get; init; } = [];

    /// <summary>The columns to profile, in order.</summary>
    public required IReadOnlyList<SourceColumn> Columns { get; init; }
}
