using System.Text.Json.Serialization;

namespace Slowlane.Profiling.Drift;

/// <summary>How a profile differs from an earlier one of the same table.</summary>
internal sealed record DriftReport
{
    /// <summary>The id of the earlier profile's job. Null if there was none to compare with.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Baseline { get; init; }

    /// <summary>Why there is no baseline. Absent if there is one.</summary>
    public string? Reason { get; init; }

    /// <summary>When the reading of the earlier profile ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>The numbers of rows.</summary>
    public Change<long>? RowCount { get; init; }

    /// <summary>Whether a column was added, removed or has another type, or reached the threshold. Absent without a baseline.</summary>
    public bool? Drifted { get; init; }

    /// <summary>The population stability index from which on a column counts as drifted.</summary>
    public double Threshold { get; init; }

    /// <summary>The names of the columns for which that is so.</summary>
    public IReadOnlyList<string>? DriftedColumns { get; init; }

    /// <summary>The columns: those of this profile in its order, then those that only the earlier one has. Absent without a baseline.</summary>
    public IReadOnlyList<ColumnDrift>? Columns { get; init; }
}

/// <summary>A value of the earlier profile and of this one.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="Before">That of the earlier one.</param>
/// <param name="After">That of this one.</param>
internal sealed record Change<T>(T Before, T After);

/// <summary>A number of distinct values.</summary>
/// <param name="Value">The number.</param>
/// <param name="Exact">False for an estimate.</param>
internal sealed record DistinctNumber(long Value, bool Exact);

/// <summary>How a column differs.</summary>
internal sealed record ColumnDrift
{
    /// <summary>The column.</summary>
    public required string Name { get; init; }

    /// <summary>added, removed or type changed. Absent if the column is the same.</summary>
    [JsonPropertyName("change")]
    public string? SchemaChange { get; init; }

    /// <summary>The SQL types, if they differ.</summary>
    public Change<string>? Type { get; init; }

    /// <summary>The shares of nulls.</summary>
    public Change<double>? NullShare { get; init; }

    /// <summary>The numbers of distinct values.</summary>
    public Change<DistinctNumber>? Distinct { get; init; }

    /// <summary>The population stability index.</summary>
    public double? Psi { get; init; }

    /// <summary>How far sketches may have moved the index, at 99 % confidence of each bin. Absent if all counts are exact.</summary>
    public double? PsiError { get; init; }

    /// <summary>The distance of the distributions of numbers or times.</summary>
    public DistanceFigure? Ks { get; init; }

    /// <summary>
    /// The counts that the index compares. Of numbers and times: below the bins of the earlier histogram, in each, above. Of others: of the earlier most
    /// frequent values, in their order, and of all other values.
    /// </summary>
    public Change<IReadOnlyList<long>>? Counts { get; init; }

    /// <summary>Why the distributions, or the columns at all, are not compared. Absent if they are.</summary>
    public string? NotCompared { get; init; }
}

/// <summary>The distance of Kolmogorov and Smirnov. The true one lies from Value − RankError to Value + Error.</summary>
/// <param name="Value">The greatest difference of the distribution functions at the bounds of the earlier bins and at the earlier quantiles.</param>
/// <param name="Error">What it may be more: by what lies inside of bins, and by the errors of ranks.</param>
/// <param name="RankError">The sum of the errors of ranks of both profiles. 0 if both are exact.</param>
internal sealed record DistanceFigure(double Value, double Error, double RankError);
