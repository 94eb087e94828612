namespace Slowlane.Profiling.Columns;

/// <summary>The format in which the values of a column arrive. It determines how they are profiled.</summary>
internal enum ValueLayout
{
    /// <summary>One byte, 0 or 1.</summary>
    Boolean,

    /// <summary>int2, int4 or int8, big-endian.</summary>
    WholeNumber,

    /// <summary>float4, IEEE 754, big-endian.</summary>
    Float4,

    /// <summary>float8, IEEE 754, big-endian.</summary>
    Float8,

    /// <summary>numeric, in groups of four digits.</summary>
    Numeric,

    /// <summary>UTF-8 with an order.</summary>
    Text,

    /// <summary>UTF-8 that represents another type (arrays, ranges, composites). It has no order.</summary>
    Other,

    /// <summary>UTF-8 of json and jsonb. It has no order, and its distinct values are no surprise.</summary>
    Json,

    /// <summary>bytea.</summary>
    Bytes,

    /// <summary>Sixteen bytes.</summary>
    Uuid,

    /// <summary>Days since 2000-01-01, int4.</summary>
    Date,

    /// <summary>Microseconds since midnight, int8.</summary>
    Time,

    /// <summary>Microseconds since 2000-01-01, int8.</summary>
    Timestamp,

    /// <summary>Microseconds since 2000-01-01 in UTC, int8.</summary>
    TimestampTz,

    /// <summary>Microseconds (int8), days (int4), months (int4).</summary>
    Interval,

    /// <summary>UTF-8 of a label of an enum.</summary>
    Label,

    /// <summary>UTF-8 of inet or cidr.</summary>
    Network,

    /// <summary>UTF-8 of money, as the server's locale writes it.</summary>
    Money,
}
