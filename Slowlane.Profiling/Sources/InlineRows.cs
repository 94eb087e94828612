using System.Globalization;
using System.Text.Json;
using Slowlane.Jobs;
using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>Rows that are part of the job's input.</summary>
/// <param name="Rows">JSON objects. Their document must live until the job's computation ends.</param>
/// <param name="Columns">The requested columns, or all fields of all rows in the order of their first occurrence.</param>
internal sealed record InlineRows(IReadOnlyList<JsonElement> Rows, IReadOnlyList<SourceColumn> Columns)
{
    /// <summary>The maximum number of columns. A PostgreSQL table has the same maximum.</summary>
    internal const int MaxColumns = 1600;

    private const int MaxRows = 500_000;
    private const int MaxErrors = 10;

    internal static InlineRows? Read(InputReader reader, IReadOnlyList<string>? columns)
    {
        if (reader.GetArray("rows", MaxRows) is not { } rows)
        {
            return null;
        }

        if (rows.Count == 0)
        {
            reader.AddError("rows", "'rows' is empty; send at least one row, or the name of a 'table' instead.");
            return new InlineRows(rows, []);
        }

        var kinds = new Dictionary<string, ColumnKind>(StringComparer.Ordinal);
        var order = new List<string>();
        var errors = 0;
        for (var i = 0; i < rows.Count && errors < MaxErrors; i++)
        {
            errors += ReadRow(reader, i, rows[i], kinds, order);
        }

        if (order.Count > MaxColumns)
        {
            reader.AddError("rows", string.Create(CultureInfo.InvariantCulture, $"'rows' has {order.Count} different fields; the most is {MaxColumns}, as in a table of PostgreSQL."));
        }

        foreach (var unknown in columns?.Where(name => !kinds.ContainsKey(name)).Take(MaxErrors) ?? [])
        {
            reader.AddError("columns", $"'columns' names '{JsonValue.Shorten(unknown)}', which no row has; the rows have {string.Join(", ", order.Take(20).Select(name => $"'{JsonValue.Shorten(name)}'"))}{(order.Count > 20 ? " and more" : "")}.");
        }

        return new InlineRows(rows, [.. (columns ?? order).Where(kinds.ContainsKey).Select(name => Describe(name, kinds[name]))]);
    }

    // Returns the number of errors.
    private static int ReadRow(InputReader reader, int i, JsonElement row, Dictionary<string, ColumnKind> kinds, List<string> order)
    {
        var at = string.Create(CultureInfo.InvariantCulture, $"rows[{i}]");
        if (row.ValueKind != JsonValueKind.Object)
        {
            reader.AddError(at, $"'{at}' is not an object; send each row as one, its fields being the columns.");
            return 1;
        }

        var errors = 0;
        foreach (var property in row.EnumerateObject())
        {
            if (JsonText.NameOf(property) is not { } name || (property.Value.ValueKind == JsonValueKind.String && JsonText.Of(property.Value) is null))
            {
                reader.AddError(at, $"'{at}' has text that PostgreSQL can't hold; send no NUL characters and no lone surrogates.");
                errors++;
                continue;
            }

            if (!kinds.TryGetValue(name, out var kind))
            {
                order.Add(name);
            }

            kinds[name] = kind | KindOf(property.Value.ValueKind);
        }

        return errors;
    }

    private static ColumnKind KindOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Number => ColumnKind.Number,
        JsonValueKind.True or JsonValueKind.False => ColumnKind.Boolean,
        JsonValueKind.String => ColumnKind.Text,
        JsonValueKind.Object or JsonValueKind.Array => ColumnKind.Json,
        _ => ColumnKind.Null,
    };

    private static SourceColumn Describe(string name, ColumnKind kind) => kind switch
    {
        ColumnKind.Number => new(name, "number", ValueLayout.Numeric),
        ColumnKind.Boolean => new(name, "boolean", ValueLayout.Boolean),
        ColumnKind.Text => new(name, "text", ValueLayout.Text),
        ColumnKind.Json => new(name, "json", ValueLayout.Json),
        ColumnKind.Null => new(name, "null", ValueLayout.Json),
        _ => new(name, "mixed", ValueLayout.Other),
    };

    // The kinds of values in a column. A column with more than one kind is mixed.
    [Flags]
    private enum ColumnKind
    {
        Null = 0,
        Number = 1,
        Boolean = 2,
        Text = 4,
        Json = 8,
    }
}
