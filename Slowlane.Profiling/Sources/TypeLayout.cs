using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>The types that are read in their binary layout, by their OID in pg_type.dat. All other types are read as text.</summary>
internal static class TypeLayout
{
    private const uint Inet = 869;

    /// <summary>
    /// The layout, and the expression that reads a column in it. The cast ensures the layout even for a domain or after a change of the column. A cast of
    /// inet to text would add /32 to an address.
    /// </summary>
    public static (ValueLayout Layout, string Expression) Of(uint baseType, bool isEnum, string column)
    {
        var (layout, cast) = isEnum ? (ValueLayout.Label, "text") : Of(baseType);
        return (layout, baseType == Inet ? $"nullif(pg_catalog.format('%s', {column}), '')" : $"{column}::pg_catalog.{cast}");
    }

    private static (ValueLayout Layout, string Cast) Of(uint baseType) => baseType switch
    {
        16 => (ValueLayout.Boolean, "bool"),
        21 => (ValueLayout.WholeNumber, "int2"),
        23 => (ValueLayout.WholeNumber, "int4"),
        20 or 26 => (ValueLayout.WholeNumber, "int8"), // 26 is oid, an unsigned int4.
        700 => (ValueLayout.Float4, "float4"),
        701 => (ValueLayout.Float8, "float8"),
        1700 => (ValueLayout.Numeric, "numeric"),
        18 or 19 or 25 or 1042 or 1043 => (ValueLayout.Text, "text"), // "char", name, text, bpchar, varchar.
        114 or 3802 => (ValueLayout.Json, "text"),
        17 => (ValueLayout.Bytes, "bytea"),
        2950 => (ValueLayout.Uuid, "uuid"),
        1082 => (ValueLayout.Date, "date"),
        1083 => (ValueLayout.Time, "time"),
        1114 => (ValueLayout.Timestamp, "timestamp"),
        1184 => (ValueLayout.TimestampTz, "timestamptz"),
        650 or Inet => (ValueLayout.Network, "text"), // 650 is cidr.
        790 => (ValueLayout.Money, "text"),
        1186 => (ValueLayout.Interval, "interval"),
        _ => (ValueLayout.Other, "text"),
    };
}
