using Npgsql;

namespace Slowlane.Storage;

/// <summary>Writes and reads columns of rows.</summary>
internal static class Rows
{
    /// <summary>One column of several rows, in order: a parameter of a statement that unnests it.</summary>
    public static TValue[] Column<T, TValue>(this IReadOnlyList<T> rows, Func<T, TValue> value) => [.. rows.Select(value)];

    /// <summary>The text in a column of the current row, or null.</summary>
    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
