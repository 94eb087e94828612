using System.Text;
using System.Text.Json;
using Slowlane.Profiling.Columns;

namespace Slowlane.Profiling.Sources;

/// <summary>Feeds inline rows into accumulators, in the layouts that table values have.</summary>
internal sealed class RowFeeder(InlineRows rows, ColumnSet set)
{
    private readonly Dictionary<string, int> _places = rows.Columns.Select((column, i) => (column.Name, i)).ToDictionary(item => item.Name, item => item.i, StringComparer.Ordinal);
    private readonly JsonElement[] _row = new JsonElement[rows.Columns.Count];

    public void Feed(int row)
    {
        // If a name occurs several times, the last field counts, as in JavaScript.
        Array.Clear(_row);
        foreach (var property in rows.Rows[row].EnumerateObject())
        {
            if (_places.TryGetValue(property.Name, out var place))
            {
                _row[place] = property.Value;
            }
        }

        set.Rows++;
        for (var i = 0; i < _row.Length; i++)
        {
            if (_row[i].ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined))
            {
                Feed(set.Accumulators[i], rows.Columns[i].Layout, _row[i]);
            }
        }
    }

    private static void Feed(ColumnAccumulator column, ValueLayout layout, JsonElement value)
    {
        switch (layout)
        {
            case ValueLayout.Boolean:
                column.Add([value.ValueKind == JsonValueKind.True ? (byte)1 : (byte)0]);
                break;
            case ValueLayout.Numeric:
                FeedNumber((NumericAccumulator)column, value.GetRawText());
                break;
            case ValueLayout.Text:
                column.Add(Encoding.UTF8.GetBytes(value.GetString()!));
                break;
            default:
                column.Add(Encoding.UTF8.GetBytes(JsonOf(value)));
                break;
        }
    }

    private static void FeedNumber(NumericAccumulator column, string raw)
    {
        if (JsonNumber.ToNumeric(raw) is { } numeric)
        {
            column.Add(numeric);
        }
        else
        {
            column.AddBeyond(raw);
        }
    }

    // A string has one spelling, however it was escaped. "1" and 1 remain distinct.
    private static string JsonOf(JsonElement value)
        => value.ValueKind == JsonValueKind.String ? $"\"{JsonEncodedText.Encode(value.GetString()!)}\"" : value.GetRawText();
}
