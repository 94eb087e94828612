using Slowlane.Profiling.Columns;
using Slowlane.Profiling.Sketches;
using Slowlane.Profiling.Sources;

namespace Slowlane.Profiling.Partitions;

/// <summary>The first rows of a partition in its state.</summary>
internal static class FirstRowsState
{
    private const byte Null = 0;
    private const byte Whole = 1;
    private const byte Shortened = 2;

    public static void Write(BinaryWriter state, ProfileSource source)
    {
        state.Write7BitEncodedInt(source.FirstRows.Count);
        foreach (var row in source.FirstRows)
        {
            foreach (var column in source.Columns)
            {
                var value = row.Values[column.Name];
                state.Write(value is null ? Null : row.Shortened?.Contains(column.Name, StringComparer.Ordinal) == true ? Shortened : Whole);
                if (value is not null)
                {
                    state.Write(value);
                }
            }
        }
    }

    public static IReadOnlyList<FirstRow> Read(BinaryReader state, IReadOnlyList<SourceColumn> columns)
    {
        var rows = new FirstRow[state.ReadCount(FirstRows.Most)];
        foreach (ref var row in rows.AsSpan())
        {
            row = ReadRow(state, columns);
        }

        return rows;
    }

    private static FirstRow ReadRow(BinaryReader state, IReadOnlyList<SourceColumn> columns)
    {
        var values = new Dictionary<string, string?>(columns.Count, StringComparer.Ordinal);
        var shortened = new List<string>();
        foreach (var column in columns)
        {
            var kind = state.ReadByte();
            values[column.Name] = kind switch
            {
                Null => null,
                Whole or Shortened => state.ReadString(),
                _ => throw new InvalidDataException($"The state of a part is damaged: a value of its first rows is of the kind {kind}."),
            };
            if (kind == Shortened)
            {
                shortened.Add(column.Name);
            }
        }

        return new FirstRow(values, shortened.Count == 0 ? null : shortened);
    }
}
