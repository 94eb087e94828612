namespace Slowlane.Profiling.Sources;

/// <summary>What can stand between a reader and the rows of a table. The names are those of the catalog query, in lower case there.</summary>
internal enum ObstacleKind
{
    /// <summary>The object holds secrets of PostgreSQL or of Slowlane. No grant opens it.</summary>
    Closed,

    /// <summary>The reader may not select from the relation, or not the named columns.</summary>
    Select,

    /// <summary>The reader may not use the table's schema.</summary>
    Usage,

    /// <summary>The reader may not select from the sequence.</summary>
    Sequence,

    /// <summary>The reader may not call the sequence's functions.</summary>
    Draw,

    /// <summary>The reader may not execute the function.</summary>
    Execute,

    /// <summary>The foreign server has no user mapping for the reader.</summary>
    Mapping,

    /// <summary>Row-level security of the table applies to the reader.</summary>
    Policy,

    /// <summary>The function is volatile: it may write.</summary>
    Volatile,
}

/// <summary>One obstacle of a table, as the catalog has it.</summary>
/// <param name="Kind">What kind of obstacle.</param>
/// <param name="Target">The object, quoted by the server, with its schema.</param>
/// <param name="Reader">The role whose rights count, quoted by the server: the role of jobs, or the owner of a view.</param>
/// <param name="Columns">The columns that the reader lacks, quoted by the server. Empty if it lacks the whole relation.</param>
internal sealed record Obstacle(ObstacleKind Kind, string Target, string Reader, IReadOnlyList<string> Columns);
