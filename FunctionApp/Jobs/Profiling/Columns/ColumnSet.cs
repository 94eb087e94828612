using Slowlane.Jobs.Profiling.Sources;

namespace Slowlane.Jobs.Profiling.Columns;

/// <summary>The accumulators of a source's columns and the number of its rows. Sets of the same source merge.</summary>
internal sealed class ColumnSet
{
    private readonly IReadOnlyList<SourceColumn> _columns;

    public ColumnSet(IReadOnlyList<SourceColumn> columns)
    {
        var budget = ProfileBudget.For(columns.Count);
        _columns = columns;
        Accumulators = [.. columns.Select(column => ColumnAccumulator.For(column.Layout, budget))];
    }

    public ColumnAccumulator[] Accumulators { get; }

    public long Rows { get; set; }

    public void Merge(ColumnSet other)
    {
        Rows += other.Rows;
        for (var i = 0; i < Accumulators.Length; i++)
        {
            Accumulators[i].Merge(other.Accumulators[i]);
        }
    }

    public IReadOnlyList<ColumnProfile> Report(ProfileInput input)
        => [.. Accumulators.Select((accumulator, i) => accumulator.Report(i + 1, _columns[i], Rows, input))];
}
