using Slowlane.Profiling.Counts;

namespace Slowlane.Profiling.Columns;

/// <summary>What texts of a column look like. It is found when the column is complete, from each distinct text once.</summary>
internal static class TextContent
{
    public static ColumnProfile Describe(ColumnProfile head, ValueCounts values)
    {
        var (shapes, kinds) = (new ShapeCounts(), new KindCounts());
        var of = 0L;
        var exact = values.Visit((text, count) =>
        {
            of += count;
            shapes.Add(text, count);
            kinds.Add(text, count);
        });
        var basis = new TextBasis(exact, of);
        return of == 0 ? head : head with { Kind = kinds.Describe(basis), Shapes = shapes.Describe(basis) };
    }
}
