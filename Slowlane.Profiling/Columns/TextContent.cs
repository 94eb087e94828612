using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Columns;

/// <summary>What texts of a column look like. It is found when the column is complete, from each distinct text once.</summary>
internal static class TextContent
{
    public static ColumnProfile Describe(ColumnProfile head, ValueCounts values)
    {
        var shapes = new ShapeCounts();
        var of = 0L;
        var exact = values.Visit((text, count) =>
        {
            of += count;
            shapes.Add(text, count);
        });
        return of == 0 ? head : head with { Shapes = shapes.Describe(new TextBasis(exact, of)) };
    }
}
