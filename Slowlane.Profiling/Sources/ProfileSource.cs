using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>What is profiled: a relation as the catalog describes it, or inline rows.</summary>
internal sealed record ProfileSource
{
    /// <summary>The table's name, quoted by the server: <c>schema.table</c>; null for inline rows.</summary>
    public string? Table { get; init; }

    /// <summary>table, partitioned table, view, materialized view, foreign table, or rows.</summary>
    public required string Kind { get; init; }

    /// <summary>What the planner believes; 0 when it doesn't know.</summary>
    public double EstimatedRows { get; init; }

    /// <summary>The snapshot the data is read in, as <c>pg_current_snapshot()</c> writes it.</summary>
    public string? Snapshot { get; init; }

    /// <summary>The server's clock when reading began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>The columns to profile, in order.</summary>
    public required IReadOnlyList<SourceColumn> Columns { get; init; }
}

/// <summary>One column to profile.</summary>
/// <param name="Name">Its name, as it is.</param>
/// <param name="Type">Its SQL type, as <c>format_type</c> writes it.</param>
/// <param name="Layout">How its values arrive.</param>
/// <param name="Expression">How it is selected, quoted by the server; empty for inline rows.</param>
internal sealed record SourceColumn(string Name, string Type, ValueLayout Layout, string Expression = "");
