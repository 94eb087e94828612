namespace Slowlane.Profiling;

/// <summary>The profile of one column. A statistic that does not apply to the column's type is absent.</summary>
internal sealed record ColumnProfile
{
    /// <summary>The position in the report, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The name of the column, without quotes.</summary>
    public required string Name { get; init; }

    /// <summary>The SQL type as <c>format_type</c> writes it. For inline rows: number, boolean, text, json, mixed or null.</summary>
    public required string Type { get; init; }

    /// <summary>The number of values that are not null.</summary>
    public required long Count { get; init; }

    /// <summary>The number of nulls. In inline rows, absent fields count as nulls.</summary>
    public required long Nulls { get; init; }

    /// <summary>The number of distinct values, without nulls.</summary>
    public required DistinctFigure Distinct { get; init; }

    /// <summary>The minimum as PostgreSQL prints it, without NaN and infinities. Texts are compared by code point.</summary>
    public string? Min { get; init; }

    /// <summary>The maximum, in the same form.</summary>
    public string? Max { get; init; }

    /// <summary>
    /// The order of numbers and times from row to row, as they are read, without nulls: ascending, strictly-ascending, descending, strictly-descending or
    /// constant. Absent if there is none, and for fewer than two values.
    /// </summary>
    public string? Order { get; init; }

    /// <summary>Statistics of a column of numbers.</summary>
    public NumberFigures? Numbers { get; init; }

    /// <summary>Statistics of a column of dates, times or intervals.</summary>
    public TimeFigures? Times { get; init; }

    /// <summary>Statistics of a column of booleans.</summary>
    public BooleanFigures? Booleans { get; init; }

    /// <summary>Lengths in characters for texts and every type that is read as text, in bytes for bytea.</summary>
    public LengthFigures? Lengths { get; init; }

    /// <summary>Empty, blank and untrimmed texts of a column of texts.</summary>
    public SpaceFigures? Spaces { get; init; }

    /// <summary>The kind that nearly all texts are of. Absent if they are of none.</summary>
    public KindFigure? Kind { get; init; }

    /// <summary>The most frequent shapes of texts. Absent without texts.</summary>
    public ShapeFigures? Shapes { get; init; }

    /// <summary>The most frequent values of every type except bytea.</summary>
    public TopFigures? Top { get; init; }
}
