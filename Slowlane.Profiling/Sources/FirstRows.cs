using System.Text;
using Npgsql;
using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Sources;

/// <summary>Reads the first rows of a table as texts.</summary>
internal static class FirstRows
{
    /// <summary>The maximum number of rows.</summary>
    public const int Most = 20;

    // The server cuts a value to one character more than can be shown, and bytea before it becomes text of twice the length.
    private const int Characters = ValueStore.ShownBytes + 1;

    /// <summary>The source with its first rows, in the order in which PostgreSQL returns them.</summary>
    public static async Task<ProfileSource> OfAsync(ProfileSource source, BlockRange? range, int count, NpgsqlConnection connection, CancellationToken cancellationToken)
        => count == 0 ? source : source with { FirstRows = await ReadAsync(source, TableSelect.Of(source, Text, range, count), connection, cancellationToken) };

    private static async Task<List<FirstRow>> ReadAsync(ProfileSource source, string select, NpgsqlConnection connection, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The statement is made of names that the server has quoted.
        await using var command = new NpgsqlCommand(select, connection);
#pragma warning restore CA2100
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<FirstRow>();
        while (await row.ReadAsync(cancellationToken))
        {
            rows.Add(RowOf(source.Columns, i => row.IsDBNull(i) ? null : row.GetString(i)));
        }

        return rows;
    }

    private static FirstRow RowOf(IReadOnlyList<SourceColumn> columns, Func<int, string?> text)
    {
        var values = new Dictionary<string, string?>(columns.Count, StringComparer.Ordinal);
        var shortened = new List<string>();
        for (var i = 0; i < columns.Count; i++)
        {
            var bytes = text(i) is { } value ? Encoding.UTF8.GetBytes(value) : null;
            var isLong = bytes?.Length > ValueStore.ShownBytes;
            values[columns[i].Name] = bytes is null ? null : Utf8.Read(isLong ? bytes.AsSpan(0, ValueStore.ShownBytes) : bytes, isLong).Text;
            if (isLong)
            {
                shortened.Add(columns[i].Name);
            }
        }

        return new FirstRow(values, shortened.Count == 0 ? null : shortened);
    }

    private static string Text(SourceColumn column)
    {
        var value = column.Layout is ValueLayout.Bytes ? $"pg_catalog.substr({column.Expression}, 1, {Characters})" : column.Expression;
        return $"pg_catalog.left(({value})::pg_catalog.text, {Characters})";
    }
}
