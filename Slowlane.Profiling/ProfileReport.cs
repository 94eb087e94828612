using System.Text.Json;
using System.Text.Json.Serialization;
using Slowlane.Profiling.Alerts;
using Slowlane.Profiling.Drift;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling;

/// <summary>The profile of a table or of inline rows.</summary>
internal sealed record ProfileReport
{
    /// <summary>The version of this document's form.</summary>
    [JsonPropertyOrder(-1)]
    public int Schema => 2;

    /// <summary>The table, quoted for SQL. Absent for inline rows.</summary>
    public string? Table { get; init; }

    /// <summary>table, partitioned table, view, materialized view, foreign table, or rows.</summary>
    public required string Kind { get; init; }

    /// <summary>True if only the rows were read that row-level security shows to the role of jobs. Absent if all rows were read.</summary>
    public bool? RowSecurity { get; init; }

    /// <summary>The values that the rows have in some columns, as they were asked for. Absent if all rows were read.</summary>
    public IReadOnlyDictionary<string, JsonElement>? Where { get; init; }

    /// <summary>The sample that all figures are of. Absent if they are of the table.</summary>
    public TableSample? Sample { get; init; }

    /// <summary>The number of rows that were read.</summary>
    public required long RowCount { get; init; }

    /// <summary>The number of profiled columns.</summary>
    public required int ColumnCount { get; init; }

    /// <summary>The number of bytes read, in PostgreSQL's binary COPY format. 0 for inline rows.</summary>
    public required long BytesRead { get; init; }

    /// <summary>The number of partitions that were read separately. Absent for inline rows.</summary>
    public int? Partitions { get; init; }

    /// <summary>The snapshot in which everything was read, as <c>pg_current_snapshot()</c> writes it. Absent for inline rows.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The server's time when reading began. Absent for inline rows.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The server's time when reading ended. Absent for inline rows.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The first rows that PostgreSQL returned, as texts. Absent if none were asked for.</summary>
    public IReadOnlyList<FirstRow>? FirstRows { get; init; }

    /// <summary>The table's columns that were left out. Absent if all were profiled.</summary>
    public IReadOnlyList<string>? OtherColumns { get; init; }

    /// <summary>What differs from an earlier profile. Absent if none was asked for.</summary>
    public DriftReport? Drift { get; init; }

    /// <summary>What a reader should look at, rule by rule.</summary>
    public IReadOnlyList<Alert> Alerts => AlertRules.Of(Columns, Drift);

    /// <summary>The columns, in the order of the table or of the input's <c>columns</c>.</summary>
    public required IReadOnlyList<ColumnProfile> Columns { get; init; }
}
