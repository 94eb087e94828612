namespace Slowlane.Profiling;

/// <summary>The profile of one column. What doesn't apply to its type is absent.</summary>
internal sealed record ColumnProfile
{
    /// <summary>The place in the report, from 1.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The column's name, without quotes.</summary>
    public required string Name { get; init; }

    /// <summary>The SQL type as <c>format_type</c> writes it; for inline rows number, boolean, text, json, mixed or null.</summary>
    public required string Type { get; init; }

    /// <summary>Values that are not null.</summary>
    public required long Count { get; init; }

    /// <summary>Nulls; in inline rows also absent fields.</summary>
    public required long Nulls { get; init; }

    /// <summary>Distinct values, nulls apart.</summary>
    public required DistinctFigure Distinct { get; init; }

    /// <summary>The least value as PostgreSQL prints it, NaN and infinities apart; for texts by code point.</summary>
    public string? Min { get; init; }

    /// <summary>The greatest value, likewise.</summary>
    public string? Max { get; init; }

    /// <summary>For numbers.</summary>
    public NumberFigures? Numbers { get; init; }

    /// <summary>For dates, times and intervals.</summary>
    public TimeFigures? Times { get; init; }

    /// <summary>For booleans.</summary>
    public BooleanFigures? Booleans { get; init; }

    /// <summary>For texts and all that is read as text, in characters; for bytea in bytes.</summary>
    public LengthFigures? Lengths { get; init; }

    /// <summary>The most frequent values, for texts and all that is read as text but JSON.</summary>
    public TopFigures? Top { get; init; }
}
